import {playSchedules} from './play-schedules.ts';

playSchedules(7_500, 10_000);
