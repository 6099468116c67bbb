import {existsSync} from 'node:fs';

/** Whether this process runs in a container of Docker or Podman: each puts such a file there. */
export const inContainer = (): boolean => existsSync('/.dockerenv') || existsSync('/run/.containerenv');
