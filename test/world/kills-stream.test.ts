import {atEachChange} from './kill.ts';
import {killEverywhere} from './kill-cases.ts';
import {scenes} from './scenes.ts';

killEverywhere(scenes.slice(10), atEachChange);
