import type { CodegenConfig } from '@graphql-codegen/cli';

/** How the gateway's scalars arrive, and what it takes for them: docs/reference/scalars.md has the rules. */
const scalars = {
  ID: 'string',
  JSON: 'unknown',
  StringMap: 'Record<string, string>',
  IntOrString: 'number | string',
  // The server answers in text; it takes numbers too.
  Quantity: { input: 'number | string', output: 'string' },
  QuantityMap: { input: 'Record<string, number | string | null>', output: 'Record<string, string>' },
  // As src/client.ts reads answers: a number, or text with all digits where a number would lose some.
  Int64: 'number | string',
  DateTime: 'string',
  MicroTime: 'string',
  Base64: 'string',
};

const config: CodegenConfig = {
  schema: process.env['KUBEGRAPH_SCHEMA'] ?? '../../schema/demo.graphql',
  documents: 'src/**/*.ts',
  ignoreNoDocuments: false,
  generates: {
    'src/graphql/': {
      preset: 'client',
      presetConfig: { fragmentMasking: false },
      config: {
        scalars,
        // A scalar that is not in the list above fails the generation instead of becoming `any`.
        strictScalars: true,
        // Documents stay strings: nothing of graphql-js is needed at run time.
        documentMode: 'string',
        enumsAsTypes: true,
        useTypeImports: true,
        // Not avoidOptionals: answers have every field anyway (null at worst), and inputs would need every field.
        importExtension: '.ts',
      },
    },
  },
};

export default config;
