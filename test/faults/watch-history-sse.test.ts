import { seedsOf, testSeeds } from './history/run/seeds.ts';

// A file of its own, so that it takes the other core.
testSeeds(seedsOf('over SSE'));
