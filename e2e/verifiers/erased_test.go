package verifiers_test

import (
	"encoding/json"
	"net/http"
	"regexp"
	"strings"
	"testing"

	"github.com/insigne-badges/insigne/badges"
)

// TestErasedBadge erases two awards, of which one was revoked before. Their addresses
// answer 410 with nothing about the learner. The status lists keep their bytes, so the
// judges say about copies what they said before.
func TestErasedBadge(t *testing.T) {
	t.Parallel()
	folder(t)
	s := newService(t)
	kept, wasRevoked := s.claimed(t, s.world.Badge, "learner-4711"), s.claimed(t, s.world.Badge, "learner-4712")
	copied, revokedCopy := s.get(t, addressOf(kept, "/credential")), s.get(t, addressOf(wasRevoked, "/credential"))
	s.revoke(t, wasRevoked)
	secrets := append(secretsOf(t, copied), secretsOf(t, revokedCopy)...)
	lists := s.listsOf(t, kept)

	for _, a := range []badges.Assertion{kept, wasRevoked} {
		s.erase(t, a)
		for _, format := range append(formats(), "") {
			for _, accept := range []string{"", "*/*", "text/html", "application/ld+json", "application/vc"} {
				status, body := s.ask(t, addressOf(a, format), accept)
				if status != http.StatusGone {
					t.Errorf("%s for %q answers %d", format, accept, status)
				}
				tellsNothing(t, format, body, secrets)
			}
		}
	}
	for path, before := range lists {
		if after := s.getAs(t, path, "application/vc"); string(after) != string(before) {
			t.Errorf("%s changed:\n%s\nwas:\n%s", path, after, before)
		}
	}
	ended := s.get(t, "/issuers/"+string(s.world.Issuer)+"/revocations.json")
	tellsNothing(t, "revocations.json", ended, secrets)
	if strings.Contains(string(ended), string(kept.ID)) || !strings.Contains(string(ended), string(wasRevoked.ID)) {
		t.Errorf("want only the award that was revoked before: %s", ended)
	}

	j := newJudges(t, s)
	for _, o := range []struct {
		asked                   software
		judge, aboutRevokedCopy string
	}{
		{javaScript, "digitalbazaar", "^status revocation is set$"},
		{javaScript, "verifier-core", "^revocation_status: false$"},
		{openBadgesLib, "ob3-embedded", "status 'revocation' is set"},
	} {
		opinion{asked: o.asked, judge: o.judge}.check(t, j, copied, "")
		opinion{asked: o.asked, judge: o.judge}.check(t, j, revokedCopy, o.aboutRevokedCopy)
	}
}

func addressOf(a badges.Assertion, format string) string { return "/v/" + string(a.ID) + format }

// secretsOf returns what a credential says about its learner, and what else a public
// answer must not say.
func secretsOf(t *testing.T, credential []byte) []string {
	t.Helper()
	var document struct {
		Subject struct {
			Identifier []struct{ IdentityHash, Salt string }
		} `json:"credentialSubject"`
	}
	must(t, json.Unmarshal(credential, &document))
	secrets := []string{recipient, "learner-471", "Copié"}
	for _, identity := range document.Subject.Identifier {
		secrets = append(secrets, identity.IdentityHash)
		if identity.Salt != "" {
			secrets = append(secrets, `"`+identity.Salt+`"`)
		}
	}
	for _, want := range []string{`^Zoë$`, `^sha256\$`, `^"salt"$`} {
		found := false
		for _, secret := range secrets {
			found = found || regexp.MustCompile(want).MatchString(secret)
		}
		if !found {
			t.Fatalf("the credential has no %s: %s", want, credential)
		}
	}
	return secrets
}

func tellsNothing(t *testing.T, name string, answer []byte, secrets []string) {
	t.Helper()
	for _, secret := range secrets {
		if strings.Contains(string(answer), secret) {
			t.Errorf("%s says %q: %s", name, secret, answer)
		}
	}
}

// listsOf returns the status lists that have an entry of an award, by path.
func (s *service) listsOf(t *testing.T, a badges.Assertion) map[string][]byte {
	t.Helper()
	entries, err := s.app.Store().StatusEntries(t.Context(), a.ID)
	must(t, err)
	lists := map[string][]byte{}
	for _, entry := range entries {
		path := "/status/" + string(entry.List)
		lists[path] = s.getAs(t, path, "application/vc")
	}
	if len(lists) != 2 {
		t.Fatalf("entries %+v", entries)
	}
	return lists
}
