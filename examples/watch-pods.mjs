// Follows the pods of a namespace and goes on where it stopped when the connection breaks. Plain Node, no packages.
//
//   node examples/watch-pods.mjs http://127.0.0.1:4000/graphql default

const [url = 'http://127.0.0.1:4000/graphql', namespace = 'default'] = process.argv.slice(2);

const query = `subscription ($namespace: String!, $resumeFrom: String) {
  pods(namespace: $namespace, resumeFrom: $resumeFrom) {
    type
    cursor
    object { metadata { name } status { phase } }
  }
}`;

let cursor;
for (;;) {
  try {
    for await (const { data, errors } of events({ namespace, resumeFrom: cursor })) {
      if (errors) throw new Error(errors[0].message);
      cursor = data.pods.cursor;
      const { type, object } = data.pods;
      console.log(type, object?.metadata.name ?? '', object?.status.phase ?? '');
    }
  } catch (error) {
    console.error(`interrupted: ${error.message}`);
  }
  await new Promise((resolve) => setTimeout(resolve, 1000 + Math.random() * 1000));
}

async function* events(variables) {
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', accept: 'text/event-stream' },
    body: JSON.stringify({ query, variables }),
  });
  let text = '';
  for await (const chunk of response.body.pipeThrough(new TextDecoderStream())) {
    text += chunk;
    const messages = text.split('\n\n');
    text = messages.pop();
    for (const message of messages) {
      const line = message.split('\n').find((each) => each.startsWith('data: {'));
      if (line) yield JSON.parse(line.slice('data: '.length));
    }
  }
}
