import type {Rule, Section} from './rule.ts';
import {doNot, rules} from './rules.ts';

const sections: readonly Section[] = [
	'Immediate Actions',
	'If NATS Container Down',
	'If Stream Corrupted',
	'If Storage Pressure',
	'Detection',
	'Recovery Verification',
	'Escalation',
];

/** The catalogue of findings, `docs/findings.md`: every rule with what it means, by the sections of the runbook. */
export function cataloguePage(): string {
	return `${[
		'# Findings',
		'',
		`All ${rules.length} things that jetmedic looks for, by the sections of [the runbook](runbook.md). Written by \`npm run docs\` from`,
		'the table of rules in `source/diagnosis/rules.ts`; the id is what `jetmedic check --json` gives, with the subject after a colon.',
		'A finding appears at the first look that shows it, or, where it must last, once it has lasted: such a one shows in the console and',
		'not in one look of `check`. It stays for two seconds after the last look that shows it, and has an age. What follows from',
		'another one that is as grave is folded under it. The severity is the worst that a rule raises. `jetmedic` shows all of this under `enter`.',
		...sections.flatMap(sectionLines),
	].join('\n')}\n`;
}

function sectionLines(section: Section): string[] {
	const own = rules.filter((rule) => rule.section === section);
	return own.length === 0 ? [] : ['', `## ${section}`, ...own.flatMap(ruleLines)];
}

function ruleLines({id, title, severity, meaning, evidence, remedy}: Rule): string[] {
	const warning = doNot(id);
	return [
		'',
		`### ${title}`,
		'',
		`\`${id}\`, ${severity}`,
		'',
		meaning,
		'',
		`- Evidence: ${sentence(evidence)}`,
		`- Remedy: ${sentence(remedy)}`,
		...(warning === undefined ? [] : [`- ${warning}`]),
	];
}

const sentence = (text: string): string => `${text.replace(/[.?]$/, '')}.`;
