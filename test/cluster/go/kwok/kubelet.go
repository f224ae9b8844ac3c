package main

import (
	"context"
	"crypto/tls"
	"net"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"time"

	"k8s.io/cri-streaming/pkg/streaming/portforward"
	"k8s.io/cri-streaming/pkg/streaming/remotecommand"
)

const (
	idleTimeout     = 4 * time.Hour
	creationTimeout = 30 * time.Second
)

// serveKubelet answers at address as every node's kubelet until ctx ends. Commands run, are attached to, and ports are forwarded, as a
// kubelet does it; all else is for KWOK, which listens on kwokAddress. KWOK has no exit codes, no end of stdin, and ports of its rules only.
func serveKubelet(ctx context.Context, address, kwokAddress string) error {
	listener, err := net.Listen("tcp", address)
	if err != nil {
		return err
	}
	server := httptest.NewUnstartedServer(kubeletHandler(kwokAddress))
	server.Listener.Close()
	server.Listener = listener
	// The API server is told to take any certificate here.
	server.StartTLS()
	context.AfterFunc(ctx, server.CloseClientConnections)
	return nil
}

func kubeletHandler(kwokAddress string) http.Handler {
	mux := http.NewServeMux()
	for _, pod := range []string{"{namespace}/{pod}", "{namespace}/{pod}/{uid}"} {
		mux.HandleFunc("/exec/"+pod+"/{container}", serveExec)
		mux.HandleFunc("/attach/"+pod+"/{container}", serveAttach)
		mux.HandleFunc("/portForward/"+pod, servePortForward)
	}
	kwok := httputil.NewSingleHostReverseProxy(&url.URL{Scheme: "https", Host: kwokAddress})
	kwok.Transport = &http.Transport{TLSClientConfig: &tls.Config{InsecureSkipVerify: true}}
	// Logs are followed.
	kwok.FlushInterval = -1
	mux.Handle("/", kwok)
	return mux
}

func serveExec(response http.ResponseWriter, request *http.Request) {
	options, err := remotecommand.NewOptions(request)
	if err != nil {
		http.Error(response, err.Error(), http.StatusBadRequest)
		return
	}
	remotecommand.ServeExec(response, request, thisMachine{}, request.PathValue("pod"), request.PathValue("uid"),
		request.PathValue("container"), request.URL.Query()["command"], options, idleTimeout, creationTimeout,
		remotecommand.SupportedStreamingProtocols)
}

func serveAttach(response http.ResponseWriter, request *http.Request) {
	options, err := remotecommand.NewOptions(request)
	if err != nil {
		http.Error(response, err.Error(), http.StatusBadRequest)
		return
	}
	remotecommand.ServeAttach(response, request, thisMachine{}, request.PathValue("pod"), request.PathValue("uid"),
		request.PathValue("container"), options, idleTimeout, creationTimeout, remotecommand.SupportedStreamingProtocols)
}

func servePortForward(response http.ResponseWriter, request *http.Request) {
	options, err := portforward.NewV4Options(request)
	if err != nil {
		http.Error(response, err.Error(), http.StatusBadRequest)
		return
	}
	portforward.ServePortForward(response, request, thisMachine{}, request.PathValue("pod"), request.PathValue("uid"),
		options, idleTimeout, creationTimeout, portforward.SupportedProtocols)
}
