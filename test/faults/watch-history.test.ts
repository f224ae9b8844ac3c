import { seedsOf, testSeeds } from './history/run/seeds.ts';

testSeeds(seedsOf('in process'));
