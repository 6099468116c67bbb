import {formatCount} from '../../text/count.ts';
import {presentConsumers} from '../questions.ts';
import type {Rule} from '../rule.ts';

/**
A consumer whose floor is beyond the end of its stream: the stream's numbers began anew (its files were lost),
and what is published next is taken for delivered already and never given out.
*/
export const rule: Rule = {
	id: 'consumer-ahead',
	title: 'A consumer is ahead of its stream',
	severity: 'critical',
	section: 'If Stream Corrupted',
	check(state, config) {
		return presentConsumers(state, config)
			.filter(({consumer}) => consumer.aheadSince !== undefined)
			.map(({stream, consumer, isWatched}) => ({
				id: `consumer-ahead:${stream.name}/${consumer.name}`,
				severity: 'critical',
				title: `${consumer.name} is ahead of ${stream.name}`,
				evidence: `it is at ${formatCount(consumer.ackFloorStreamSeq)}, the stream ends at ${formatCount(stream.lastSeq)}: new messages are not delivered`,
				...(isWatched ? {runbook: 'recover' as const} : {advice: `recreate ${consumer.name}`}),
				beganAt: consumer.aheadSince,
			}));
	},
};
