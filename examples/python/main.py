"""Shows the workloads of the demo cluster, and follows a ConfigMap.

ariadne-codegen && python main.py http://127.0.0.1:4000/graphql
"""

import asyncio
import sys
from contextlib import aclosing

from kubegraph_client import Client, CoreV1ConfigMapInput, WatchEventType

NAMESPACE, NAME = "shop", "example-settings"


async def main(url: str) -> None:
    async with Client(url, ws_url=url.replace("http", "ws", 1)) as client:
        answer = await client.workloads(NAMESPACE)
        for each in answer.deployments.items:
            requests = each.spec.template.spec.containers[0].resources.requests
            print(each.metadata.name, each.spec.replicas, "cpu", requests["cpu"])

        await save(client, "dark")
        async with aclosing(client.watch_settings(NAMESPACE, NAME)) as events:
            async for event in events:
                change = event.config_maps
                print(change.type_.value)
                # From here on every event is a change.
                if change.type_ == WatchEventType.SYNCED:
                    await save(client, "light")
                if change.type_ == WatchEventType.MODIFIED:
                    print(change.object_.data["theme"])
                    break


async def save(client: Client, theme: str) -> None:
    await client.save_settings(NAMESPACE, NAME, CoreV1ConfigMapInput(data={"theme": theme}))


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1] if len(sys.argv) > 1 else "http://127.0.0.1:4000/graphql"))
