/** `npm run bench` measures reads, `npm run bench -- watch` watches; docs/performance.md explains both. */
if (process.argv[2] === 'watch') {
  process.argv.splice(2, 1);
  await import('./watch.ts');
} else {
  await import('./reads.ts');
}
