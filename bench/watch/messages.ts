import type { Program } from '../reads/programs.ts';

/** What a program can be told, by name: each takes one plain object and answers one, now or later. */
export type Commands<C> = { readonly [Name in keyof C]: (argument: never) => object | Promise<object> };

/** A program as its starter sees it. */
export interface Remote<C extends Commands<C>> {
  /** One at a time. Rejects with what went wrong in the program, or when that ends. */
  ask<Name extends keyof C & string>(
    command: Name,
    ...argument: Parameters<C[Name]>
  ): Promise<Awaited<ReturnType<C[Name]>>>;
  stop(): Promise<void>;
}

interface Message {
  readonly command: string;
  readonly argument: never;
}

type Reply = { readonly answer: object } | { readonly failure: string };

/** Called in the program: obeys what its starter sends. */
export function answerMessages<C extends Commands<C>>(commands: C): void {
  process.once('disconnect', () => process.exit());
  process.on('message', ({ command, argument }: Message) => {
    obey(commands, command, argument).then(
      (answer) => process.send?.({ answer } satisfies Reply),
      (error: unknown) => process.send?.({ failure: String(error) } satisfies Reply),
    );
  });
}

async function obey<C extends Commands<C>>(commands: C, command: string, argument: never): Promise<object> {
  // The starter's type has no other names.
  return commands[command as keyof C](argument);
}

/** Called by the starter, once the program has said that it listens, if it does. */
export function remoteOf<C extends Commands<C>>(program: Program): Remote<C> {
  return {
    ask: async <Name extends keyof C & string>(
      command: Name,
      ...[argument]: Parameters<C[Name]>
    ): Promise<Awaited<ReturnType<C[Name]>>> => {
      const reply = program.next<Reply>();
      program.send({ command, argument });
      const message = await reply;
      if ('failure' in message) throw new Error(`${command}: ${message.failure}`);
      // Both sides have the same type of commands.
      return message.answer as Awaited<ReturnType<C[Name]>>;
    },
    stop: () => program.stop(),
  };
}
