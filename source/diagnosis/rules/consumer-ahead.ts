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
	meaning:
		"The stream's numbers began anew behind the consumer, because its files were lost: what is published next is taken for delivered already and never given out.",
	evidence: "the consumer's floor and the last sequence of its stream",
	remedy:
		'recreate (C) moves the consumer that the runbooks watch to the first message that the stream holds; another one is moved with `nats consumer reset`, or deleted and created anew',
	avoid:
		'Wait for it to drain: it never delivers again by itself. Full recovery (F) purges what it was never given.',
	worse: ['recover'],
	check(state, config) {
		return presentConsumers(state, config)
			.filter(({consumer}) => consumer.aheadSince !== undefined)
			.map(({stream, consumer, isWatched}) => ({
				id: `consumer-ahead:${stream.name}/${consumer.name}`,
				severity: 'critical',
				title: `${consumer.name} is ahead of ${stream.name}`,
				evidence: `it is at ${formatCount(consumer.ackFloorStreamSeq)}, the stream ends at ${formatCount(stream.lastSeq)}: new messages are not delivered`,
				...(isWatched ? {runbook: 'recreate' as const} : {advice: `recreate ${consumer.name}`}),
				beganAt: consumer.aheadSince,
			}));
	},
};
