import {playSchedules} from './play-schedules.ts';

playSchedules(2500, 5000);
