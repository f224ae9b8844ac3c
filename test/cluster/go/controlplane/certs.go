package main

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"fmt"
	"math/big"
	"net"
	"os"
	"path/filepath"
	"time"
)

// lifetime of every certificate. Keys are made for one run and thrown away with it.
const lifetime = 7 * 24 * time.Hour

// clients are the users that get a certificate from the cluster's CA: file name, user name, group.
//
// The controller manager is in system:masters because its own role only covers what it does before it has a service
// account for each controller, and those would cost start-up time.
var clients = []struct{ file, user, group string }{
	{"admin", "admin", "system:masters"},
	{"viewer", "viewer", ""},
	{"controller-manager", "system:kube-controller-manager", "system:masters"},
	{"scheduler", "system:kube-scheduler", ""},
	{"kwok", "kwok", "system:masters"},
	{"kubelet-client", "kube-apiserver", "system:masters"},
}

type pair struct {
	certificate *x509.Certificate
	key         *ecdsa.PrivateKey
}

// writeCertificates writes NAME.crt and NAME.key (PEM) into dir: the cluster's CA `ca`, the API server's `server`,
// one per entry of clients, and the service accounts' `sa.key` and `sa.pub`. The front proxy has a CA of its own
// (`front-proxy-ca`, `front-proxy-client`): the API server refuses a request-header CA that equals the client CA.
func writeCertificates(dir string) error {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return err
	}
	ca, err := issue(dir, "ca", authority("kubegraph-test-ca"), nil)
	if err != nil {
		return err
	}
	server := leaf("kube-apiserver", "", x509.ExtKeyUsageServerAuth)
	server.DNSNames = []string{"localhost", "kubernetes", "kubernetes.default", "kubernetes.default.svc"}
	server.IPAddresses = []net.IP{net.IPv4(127, 0, 0, 1), net.IPv4(10, 0, 0, 1)}
	if _, err := issue(dir, "server", server, ca); err != nil {
		return err
	}
	for _, client := range clients {
		template := leaf(client.user, client.group, x509.ExtKeyUsageClientAuth)
		if _, err := issue(dir, client.file, template, ca); err != nil {
			return err
		}
	}
	frontProxy, err := issue(dir, "front-proxy-ca", authority("kubegraph-test-front-proxy-ca"), nil)
	if err != nil {
		return err
	}
	template := leaf("front-proxy-client", "", x509.ExtKeyUsageClientAuth)
	if _, err := issue(dir, "front-proxy-client", template, frontProxy); err != nil {
		return err
	}
	return writeServiceAccountKey(dir)
}

func authority(name string) *x509.Certificate {
	return &x509.Certificate{
		Subject:               pkix.Name{CommonName: name},
		KeyUsage:              x509.KeyUsageCertSign | x509.KeyUsageDigitalSignature,
		IsCA:                  true,
		BasicConstraintsValid: true,
	}
}

func leaf(user, group string, usage x509.ExtKeyUsage) *x509.Certificate {
	subject := pkix.Name{CommonName: user}
	if group != "" {
		subject.Organization = []string{group}
	}
	return &x509.Certificate{
		Subject:     subject,
		KeyUsage:    x509.KeyUsageDigitalSignature,
		ExtKeyUsage: []x509.ExtKeyUsage{usage},
	}
}

// issue signs template with parent, or with its own key where parent is nil, and writes both files.
func issue(dir, name string, template *x509.Certificate, parent *pair) (*pair, error) {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return nil, err
	}
	serial, err := rand.Int(rand.Reader, new(big.Int).Lsh(big.NewInt(1), 120))
	if err != nil {
		return nil, err
	}
	template.SerialNumber = serial
	// Clocks may have been set back a little since; an hour of slack costs nothing.
	template.NotBefore = time.Now().Add(-time.Hour)
	template.NotAfter = time.Now().Add(lifetime)
	signer := parent
	if signer == nil {
		signer = &pair{template, key}
	}
	der, err := x509.CreateCertificate(rand.Reader, template, signer.certificate, key.Public(), signer.key)
	if err != nil {
		return nil, fmt.Errorf("sign %s: %w", name, err)
	}
	certificate, err := x509.ParseCertificate(der)
	if err != nil {
		return nil, err
	}
	if err := writePEM(filepath.Join(dir, name+".crt"), "CERTIFICATE", der); err != nil {
		return nil, err
	}
	return &pair{certificate, key}, writeKey(filepath.Join(dir, name+".key"), key)
}

func writeServiceAccountKey(dir string) error {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return err
	}
	public, err := x509.MarshalPKIXPublicKey(key.Public())
	if err != nil {
		return err
	}
	if err := writePEM(filepath.Join(dir, "sa.pub"), "PUBLIC KEY", public); err != nil {
		return err
	}
	return writeKey(filepath.Join(dir, "sa.key"), key)
}

func writeKey(path string, key *ecdsa.PrivateKey) error {
	der, err := x509.MarshalECPrivateKey(key)
	if err != nil {
		return err
	}
	return writePEM(path, "EC PRIVATE KEY", der)
}

func writePEM(path, kind string, der []byte) error {
	return os.WriteFile(path, pem.EncodeToMemory(&pem.Block{Type: kind, Bytes: der}), 0o600)
}
