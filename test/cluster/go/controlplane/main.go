// Command controlplane is a whole Kubernetes control plane in one binary, for tests.
//
// The first argument names the program; all others are that program's own:
//
//	controlplane etcd|kube-apiserver|kube-controller-manager|kube-scheduler|kubectl|certs [flags]
package main

import (
	"fmt"
	"os"
	_ "time/tzdata" // CronJobs with a time zone must work on machines without zone files.

	"github.com/spf13/cobra"
	"go.etcd.io/etcd/server/v3/etcdmain"
	_ "k8s.io/client-go/plugin/pkg/client/auth" // kubectl's client auth plugins register themselves.
	"k8s.io/component-base/cli"
	_ "k8s.io/component-base/logs/json/register"
	_ "k8s.io/component-base/metrics/prometheus/clientgo"
	_ "k8s.io/component-base/metrics/prometheus/version"
	kubectl "k8s.io/kubectl/pkg/cmd"
	kubectlutil "k8s.io/kubectl/pkg/cmd/util"
	apiserver "k8s.io/kubernetes/cmd/kube-apiserver/app"
	controllermanager "k8s.io/kubernetes/cmd/kube-controller-manager/app"
	scheduler "k8s.io/kubernetes/cmd/kube-scheduler/app"
)

const usage = "usage: controlplane etcd|kube-apiserver|kube-controller-manager|kube-scheduler|kubectl|certs [flags]"

func main() {
	if len(os.Args) < 2 {
		fail(usage)
	}
	// Every program parses os.Args itself and prints its first element as its own name.
	os.Args = os.Args[1:]
	switch program := os.Args[0]; program {
	case "etcd":
		etcdmain.Main(os.Args)
	case "kube-apiserver":
		run(apiserver.NewAPIServerCommand())
	case "kube-controller-manager":
		run(controllermanager.NewControllerManagerCommand())
	case "kube-scheduler":
		run(scheduler.NewSchedulerCommand())
	case "kubectl":
		runKubectl()
	case "certs":
		if len(os.Args) != 2 {
			fail("usage: controlplane certs DIR")
		}
		if err := writeCertificates(os.Args[1]); err != nil {
			fail("certs: " + err.Error())
		}
	default:
		fail(fmt.Sprintf("unknown program %q; %s", program, usage))
	}
}

func run(command *cobra.Command) {
	os.Exit(cli.Run(command))
}

func runKubectl() {
	// kubectl words and prints its own errors; cli.Run would print them a second time.
	if err := cli.RunNoErrOutput(kubectl.NewDefaultKubectlCommand()); err != nil {
		kubectlutil.CheckErr(err)
	}
}

func fail(message string) {
	fmt.Fprintln(os.Stderr, message)
	os.Exit(1)
}
