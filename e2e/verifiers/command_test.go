package verifiers_test

import (
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"testing"
)

// TestVerifyCommand asks "insigne verify" about hosted badges in every state: by their
// addresses and by the files of their learners.
func TestVerifyCommand(t *testing.T) {
	t.Parallel()
	folder(t)
	s := newService(t)
	got := s.files(t)
	command := buildCommand(t)
	for state, want := range map[state]struct{ says, aboutAddress string }{
		valid:    {"^status: valid\nbadge:  Analyse de données & société\nissuer: U", "^status: valid\n"},
		altered:  {"^status: invalid\n.*the copy says something else than the hosted assertion", ""},
		revoked:  {"^status: revoked\n.*revoked: Copié", "^status: revoked\n"},
		expired:  {"^status: expired\nbadge:  Analyse", "^status: expired\n"},
		replaced: {"^status: revoked\n.*revoked: Remplacé", "^status: revoked\n"},
		private:  {"^insigne: .*read assertion: status 404", "read assertion: status 404"},
		erased:   {"^status: gone\n.*the badge is gone\n$", "^status: gone\n"},
	} {
		t.Run(string(state), func(t *testing.T) {
			for _, format := range []string{".json", ".png", ".svg"} {
				name := filepath.Join(t.TempDir(), "badge"+format)
				must(t, os.WriteFile(name, (opinion{format: format}).document(t, got, state), 0o600))
				s.checkCommand(t, command, name, state == valid, want.says)
			}
			if want.aboutAddress != "" {
				address := hostedAddress(t, got[state.source()][".json"])
				s.checkCommand(t, command, address, state == valid, want.aboutAddress)
			}
		})
	}
}

// hostedAddress returns the address of a hosted 2.0 badge.
func hostedAddress(t *testing.T, assertion []byte) string {
	t.Helper()
	var document struct{ ID string }
	must(t, json.Unmarshal(assertion, &document))
	return document.ID
}

// buildCommand returns the path of the program.
func buildCommand(t *testing.T) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "insigne")
	if out, err := exec.CommandContext(t.Context(), "go", "build", "-o", path, "../../cmd/insigne").CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	return path
}

// checkCommand verifies a badge, which succeeds only if it is valid.
func (s *service) checkCommand(t *testing.T, command, badge string, succeeds bool, says string) {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), command, "verify", "--private", badge)
	cmd.Env = append(os.Environ(), "SSL_CERT_FILE="+s.file)
	out, err := cmd.CombinedOutput()
	if (err == nil) != succeeds || !regexp.MustCompile(says).Match(out) {
		t.Errorf("verify %s: %v, want %q:\n%s", badge, err, says, out)
	}
}
