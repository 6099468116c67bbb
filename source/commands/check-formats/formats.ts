import type {Checked} from './checked.ts';
import {humanText} from './human.ts';
import {jsonText} from './json.ts';
import {nagiosText} from './nagios.ts';
import {prometheusText} from './prometheus.ts';

/** The forms in which a look is told, each whole with its last line's end. */
export const checkFormats = {
	human: humanText,
	json: jsonText,
	nagios: nagiosText,
	prometheus: prometheusText,
} as const satisfies Record<string, (checked: Checked) => string>;

export type CheckFormat = keyof typeof checkFormats;
