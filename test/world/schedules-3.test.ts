import {playSchedules} from './play-schedules.ts';

playSchedules(5000, 7_500);
