package vc_test

import (
	"crypto/ed25519"
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"

	"github.com/insigne-badges/insigne/vc"
)

// nodeModules names the folder whose node_modules has @digitalbazaar/vc,
// data-integrity, ed25519-multikey, eddsa-rdfc-2022-cryptosuite and jsonld.
const nodeModules = "INSIGNE_TEST_NODE_MODULES"

type npmInput struct {
	Credentials []json.RawMessage          `json:"credentials"`
	Contexts    map[string]json.RawMessage `json:"contexts"`
	Key         map[string]string          `json:"key"`
	Created     string                     `json:"created"`
	Seconds     float64                    `json:"seconds"`
}

type npmOutput struct {
	ProofValues []string
	PerSecond   float64
	Canonical   []string
}

const issuerDID = "did:web:badges.example.org:issuers:7"

// signWithNPM signs documents with the npm library, or skips the test without it.
func signWithNPM(t testing.TB, documents [][]byte, seconds float64) npmOutput {
	t.Helper()
	return runNode(t, "sign.mjs", npmInput{Credentials: raw(documents), Key: npmKey(t), Created: signedAt.Format(time.RFC3339), Seconds: seconds})
}

func raw(documents [][]byte) []json.RawMessage {
	messages := make([]json.RawMessage, len(documents))
	for i, document := range documents {
		messages[i] = document
	}
	return messages
}

func npmKey(t testing.TB) map[string]string {
	t.Helper()
	var pair struct{ PublicKeyMultibase, PrivateKeyMultibase string }
	if err := json.Unmarshal(vector(t, "keyPair.json"), &pair); err != nil {
		t.Fatal(err)
	}
	return map[string]string{
		"@context": "https://w3id.org/security/multikey/v1", "type": "Multikey",
		"id": issuerDID + "#key-1", "controller": issuerDID,
		"publicKeyMultibase": pair.PublicKeyMultibase, "secretKeyMultibase": pair.PrivateKeyMultibase,
	}
}

// runNode runs a script of testdata with our contexts.
func runNode(t testing.TB, name string, input npmInput) npmOutput {
	t.Helper()
	modules := os.Getenv(nodeModules)
	node, err := exec.LookPath("node")
	if modules == "" || err != nil {
		t.Skipf("needs node, and the packages in the folder that %s names", nodeModules)
	}
	input.Contexts = map[string]json.RawMessage{}
	for _, address := range vc.Contexts() {
		if input.Contexts[address], err = vc.Context(address); err != nil {
			t.Fatal(err)
		}
	}
	command := exec.CommandContext(t.Context(), node, name, "input.json")
	command.Dir, command.Stderr = scriptFolder(t, modules, name, input), os.Stderr
	out, err := command.Output()
	if err != nil {
		t.Fatal(err)
	}
	var output npmOutput
	if err := json.Unmarshal(out, &output); err != nil {
		t.Fatal(err)
	}
	return output
}

// scriptFolder returns a folder with a script, its input and the packages that it imports.
func scriptFolder(t testing.TB, modules, name string, input npmInput) string {
	t.Helper()
	folder := t.TempDir()
	if err := os.Symlink(filepath.Join(modules, "node_modules"), filepath.Join(folder, "node_modules")); err != nil {
		t.Fatal(err)
	}
	script, err := os.ReadFile(filepath.Join("testdata", name))
	if err != nil {
		t.Fatal(err)
	}
	data, err := json.Marshal(input)
	if err != nil {
		t.Fatal(err)
	}
	for name, content := range map[string][]byte{name: script, "input.json": data} {
		if err := os.WriteFile(filepath.Join(folder, name), content, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return folder
}

func TestSignAsTheNPMLibraryDoes(t *testing.T) {
	documents := badges(t, 10)
	output := signWithNPM(t, documents, 0)
	signer, key := vc.NewSigner(), badgeKey(t)
	for i, document := range documents {
		signed, err := signer.Sign(document, key, signedAt)
		if err != nil {
			t.Fatal(err)
		}
		var got struct{ Proof struct{ ProofValue string } }
		if err := json.Unmarshal(signed, &got); err != nil {
			t.Fatal(err)
		}
		assertEqual(t, got.Proof.ProofValue, output.ProofValues[i])
	}
}

// jsonld in its safe mode accepts every document that we accept, with the same statements.
func TestCanonicaliseAsJSONLDDoes(t *testing.T) {
	v := newInventor(5)
	var documents [][]byte
	var want []string
	for range 300 {
		document := v.credential()
		if canonical, err := vc.Canonicalise(document); err == nil {
			documents, want = append(documents, document), append(want, string(canonical))
		}
	}
	output := runNode(t, "canonize.mjs", npmInput{Credentials: raw(documents)})
	for i, got := range output.Canonical {
		if got != want[i] {
			t.Fatalf("%s\njsonld:\n%s\nours:\n%s", documents[i], got, want[i])
		}
	}
}

func badgeKey(t testing.TB) vc.Key {
	return vc.Key{ID: issuerDID + "#key-1", Private: vectorKey(t)}
}

func publicKey(t testing.TB) ed25519.PublicKey {
	return vectorKey(t).Public().(ed25519.PublicKey)
}
