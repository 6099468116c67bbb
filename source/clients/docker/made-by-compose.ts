import {composeLabel, type Listed} from './schema.ts';

type Labels = Record<string, string> | null | undefined;

/** Whether a container proves without its image that its labels are its own: it names the image, which no image can do of itself. */
export const isProved = ({Labels, ImageID}: Pick<Listed, 'Labels' | 'ImageID'>): boolean =>
	ImageID !== '' && composeLabel(Labels, 'image') === ImageID;

/**
Whether a container bears Compose's labels because Compose made it, and not because its image carries them: an image can carry
any label, and passes it on to each container that is made of it. Labels that are given when a container is made take the place
of the image's.

Compose gives all of them (docker/compose, pkg/compose/create.go, `prepareLabels`), so that a container whose service and
project are not the image's is its own. `docker commit` makes images that carry the labels of a real service: of such an image
Compose's own container is still known by the configuration's hash, or by `image`, which is the digest of the image that it was
made of and so cannot be in that image.

@param image - The labels of the image; undefined where the image is gone.
*/
export function isMadeByCompose(container: Pick<Listed, 'Labels' | 'ImageID'>, image: Labels): boolean {
	const {Labels: labels} = container;
	const isInherited = (name: string): boolean => {
		const value = composeLabel(labels, name);
		return value !== '' && value === composeLabel(image, name);
	};
	const isOwn = (name: string): boolean => composeLabel(labels, name) !== '' && !isInherited(name);
	return (
		isProved(container) || !['project', 'service'].some(isInherited) || ['config-hash', 'image'].some(isOwn)
	);
}
