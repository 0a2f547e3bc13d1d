package verifiers_test

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"math/big"
	"net"
	"os"
	"path/filepath"
	"testing"
	"time"
)

// authority is a certificate authority that only the judges of one test trust.
type authority struct {
	file string // its certificate as PEM, for the judges
	pool *x509.CertPool
	leaf tls.Certificate // of every service: localhost and 127.0.0.1
}

func newAuthority(t *testing.T) authority {
	t.Helper()
	key := newKey(t)
	root := certificate(1, "Certificate authority of a test")
	root.IsCA, root.BasicConstraintsValid, root.KeyUsage = true, true, x509.KeyUsageCertSign
	raw, err := x509.CreateCertificate(rand.Reader, root, root, key.Public(), key)
	must(t, err)
	root, err = x509.ParseCertificate(raw)
	must(t, err)
	a := authority{file: filepath.Join(t.TempDir(), "authority.pem"), pool: x509.NewCertPool()}
	must(t, os.WriteFile(a.file, pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: raw}), 0o600))
	a.pool.AddCert(root)

	leaf, leafKey := certificate(2, "localhost"), newKey(t)
	leaf.DNSNames, leaf.IPAddresses = []string{"localhost"}, []net.IP{net.IPv4(127, 0, 0, 1)}
	leaf.KeyUsage, leaf.ExtKeyUsage = x509.KeyUsageDigitalSignature, []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth}
	raw, err = x509.CreateCertificate(rand.Reader, leaf, root, leafKey.Public(), key)
	must(t, err)
	a.leaf = tls.Certificate{Certificate: [][]byte{raw}, PrivateKey: leafKey}
	return a
}

func newKey(t *testing.T) *ecdsa.PrivateKey {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	must(t, err)
	return key
}

func certificate(serial int64, name string) *x509.Certificate {
	return &x509.Certificate{
		SerialNumber: big.NewInt(serial), Subject: pkix.Name{CommonName: name},
		NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(24 * time.Hour),
	}
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}
