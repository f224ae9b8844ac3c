// Shows the workloads of the demo cluster, and follows a ConfigMap.
//
//	go generate ./... && go run . http://127.0.0.1:4000/graphql
package main

import (
	"context"
	"fmt"
	"log"
	"net/http"
	"os"
	"strings"

	"github.com/Khan/genqlient/graphql"
	"github.com/gorilla/websocket"

	"kubegraph.example/go/kubegraph"
)

//go:generate go tool genqlient

const namespace, name = "shop", "example-settings"

func main() {
	url := "http://127.0.0.1:4000/graphql"
	if len(os.Args) > 1 {
		url = os.Args[1]
	}
	ctx := context.Background()
	client := graphql.NewClient(url, http.DefaultClient)
	if err := showWorkloads(ctx, client); err != nil {
		log.Fatal(err)
	}
	if err := followSettings(ctx, client, url); err != nil {
		log.Fatal(err)
	}
}

func showWorkloads(ctx context.Context, client graphql.Client) error {
	answer, err := kubegraph.Workloads(ctx, client, namespace)
	if err != nil {
		return err
	}
	for _, each := range answer.Deployments.Items {
		cpu := ""
		for _, container := range each.Spec.Template.Spec.Containers {
			cpu = (*container.Resources.Requests)["cpu"]
		}
		fmt.Println(*each.Metadata.Name, *each.Spec.Replicas, "cpu", cpu)
	}
	return nil
}

func followSettings(ctx context.Context, client graphql.Client, url string) error {
	if err := save(ctx, client, "dark"); err != nil {
		return err
	}
	events := graphql.NewClientUsingWebSocket(strings.Replace(url, "http", "ws", 1), dialer{})
	failed, err := events.Start(ctx)
	if err != nil {
		return err
	}
	defer events.Close()
	messages, _, err := kubegraph.WatchSettings(ctx, events, namespace, name, nil)
	if err != nil {
		return err
	}
	for {
		select {
		case err := <-failed:
			return err
		case message := <-messages:
			if message.Errors != nil {
				return message.Errors
			}
			event := message.Data.ConfigMaps
			fmt.Println(event.Type)
			// From here on every event is a change.
			if event.Type == kubegraph.WatchEventTypeSynced {
				if err := save(ctx, client, "light"); err != nil {
					return err
				}
			}
			if event.Type == kubegraph.WatchEventTypeModified {
				fmt.Println((*event.Object.Data)["theme"])
				return nil
			}
		}
	}
}

func save(ctx context.Context, client graphql.Client, theme string) error {
	data := map[string]string{"theme": theme}
	_, err := kubegraph.SaveSettings(ctx, client, namespace, name, kubegraph.CoreV1ConfigMapInput{Data: &data})
	return err
}

// dialer is gorilla/websocket as genqlient wants it.
type dialer struct{}

func (dialer) DialContext(ctx context.Context, url string, header http.Header) (graphql.WSConn, error) {
	connection, _, err := websocket.DefaultDialer.DialContext(ctx, url, header)
	return connection, err
}
