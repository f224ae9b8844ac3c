// For `node --import`: tells the parent process which files the program has read. Plain JavaScript, because the program
// runs on Node alone.
import fs from 'node:fs';

const { readFileSync, promises } = fs;
const { readFile } = promises;

fs.readFileSync = (file, ...rest) => {
  const content = readFileSync(file, ...rest);
  tell(file);
  return content;
};

promises.readFile = async (file, ...rest) => {
  const content = await readFile(file, ...rest);
  tell(file);
  return content;
};

/** Whoever waits for the content has it first. */
function tell(file) {
  setImmediate(() => process.send(String(file)));
}
