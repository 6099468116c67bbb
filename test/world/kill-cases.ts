import {describe, expect, it} from 'vitest';
import {type atEachChange, callsOf, type everywhere, killed, runbooksIn} from './kill.ts';
import type {Scene} from './scenes.ts';
import {storyOf} from './story.ts';

/** A run is killed at each await, and whoever comes next finishes it: one test for each scene and runbook. */
export function killEverywhere(
	scenes: readonly Scene[],
	points: typeof everywhere | typeof atEachChange,
): void {
	describe.each(scenes)('a run that is killed in the scene "$name"', (scene) => {
		it.each(runbooksIn(scene))(
			'keeps every rule: %s',
			async (runbook) => {
				for (const point of points(await callsOf(scene, runbook))) {
					const {broken, on} = await killed(scene, runbook, point);
					expect(
						broken,
						`killed ${point.when} call ${point.index}, ${point.what}\n${broken.length > 0 ? storyOf(on.world) : ''}`,
					).toEqual([]);
				}
			},
			60_000,
		);
	});
}
