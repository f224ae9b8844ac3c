// Command kwok simulates the cluster's nodes: pods get Ready, logs answer, commands run on this machine, no container runs.
//
// It is a program of its own because KWOK's --version flag collides with the control plane's in one binary.
package main

import (
	"os"

	"github.com/spf13/pflag"
	"sigs.k8s.io/kwok/pkg/config"
	"sigs.k8s.io/kwok/pkg/kwok/cmd"
	"sigs.k8s.io/kwok/pkg/log"
	"sigs.k8s.io/kwok/pkg/utils/signals"
)

func main() {
	// The global flags (--config, -v) are read first and leniently: they decide what the command's defaults are.
	flags := pflag.NewFlagSet("global", pflag.ContinueOnError)
	flags.ParseErrorsAllowlist.UnknownFlags = true
	flags.Usage = func() {}
	kubeletAddress := flags.String("kubelet-address", "127.0.0.1:0", "where the API server finds every node's kubelet")
	kwokAddress := flags.String("kwok-address", "", "KWOK's own --server-address")

	ctx, logger := log.InitFlags(signals.SetupSignalContext(), flags)
	ctx, err := config.InitFlags(ctx, flags)
	if err != nil {
		logger.Error("read configuration", "err", err)
		os.Exit(1)
	}
	if err := serveKubelet(ctx, *kubeletAddress, *kwokAddress); err != nil {
		logger.Error("serve the kubelets", "err", err)
		os.Exit(1)
	}
	command := cmd.NewCommand(ctx)
	command.PersistentFlags().AddFlagSet(flags)
	if err := command.ExecuteContext(ctx); err != nil {
		logger.Error("run", "err", err)
		os.Exit(1)
	}
}
