package verifiers_test

import (
	"bytes"
	"encoding/json"
	"os"
	"os/exec"
	"regexp"
	"testing"
)

// wallets names the environment variable that says that a wallet is installed.
const wallets = "INSIGNE_TEST_WALLETS"

// TestWallet has the wallet of LearnCard look at credentials. It reads the status list
// and says nothing about a set bit, so it is not asked about revoked ones. It asks a host
// with the name localhost without TLS, so the service has an address of numbers.
func TestWallet(t *testing.T) {
	t.Parallel()
	if os.Getenv(wallets) == "" {
		t.Skipf("%s is not set: no wallet (run ./test.sh wallets)", wallets)
	}
	s := newServiceAt(t, "127.0.0.1", sinceClaim)
	got := s.files(t)
	o := opinion{format: "/credential"}
	for state, reason := range map[state]string{
		valid: "", altered: "signature error", expired: "no longer valid",
	} {
		t.Run(string(state), func(t *testing.T) {
			v := s.askWallet(t, o.document(t, got, state))
			if v.Valid != (reason == "") || !regexp.MustCompile(reason).MatchString(v.Reason) {
				t.Errorf("valid = %v, reason: %s, want %q; notes: %q", v.Valid, v.Reason, reason, v.Notes)
			}
		})
	}
}

func (s *service) askWallet(t *testing.T, credential []byte) (v verdict) {
	t.Helper()
	line, err := json.Marshal(question{Document: credential})
	must(t, err)
	cmd := exec.CommandContext(t.Context(), "node", "learncard.mjs")
	cmd.Dir, cmd.Stdin, cmd.Stderr = scripts+"/wallets", bytes.NewReader(line), t.Output()
	cmd.Env = append(os.Environ(), "NODE_EXTRA_CA_CERTS="+s.file)
	out, err := cmd.Output()
	must(t, err)
	must(t, json.Unmarshal(out, &v))
	return v
}
