import { readFileSync } from 'node:fs';

/** The text of an OpenAPI document of test/fixtures/openapi. */
export function openApiFixture(name: string): string {
  return readFileSync(new URL(`../../fixtures/openapi/${name}.json`, import.meta.url), 'utf8');
}
