package verifiers_test

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"errors"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"
)

// keyYear is how long a key of an organisation signs.
const keyYear = 365 * 24 * time.Hour

// TestRotatedKeys changes the keys of the issuer after badges were claimed: by the
// administrator, who fears that one has leaked, and by the schedule. The judges say the
// same as before about the files of the time before, and accept new files of an award.
func TestRotatedKeys(t *testing.T) {
	t.Parallel()
	folder(t)
	for name, tt := range map[string]struct {
		rotate func(*service, *testing.T)
		every  time.Duration
		times  int
	}{
		"by the administrator": {(*service).useNextKeys, time.Hour, 2},
		"for five years":       {(*service).waitForNextKeys, keyYear, 5},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := newServiceAt(t, "localhost", time.Duration(tt.times)*tt.every+sinceClaim)
			a := s.claimed(t, s.world.Badge, "6")
			old, before := s.documents(t, a), s.files(t)
			keys := s.keys(t)
			for range tt.times {
				s.readStatusLists(t, old["/credential"]) // which a process keeps while they do not change
				s.clock.Add(tt.every)
				tt.rotate(s, t)
			}
			current := s.documents(t, a)
			s.checkKeys(t, keys, tt.times, keyID(t, current[".jwt"]))
			checkSigners(t, old, current)
			j := newJudges(t, s)
			t.Run("old files", func(t *testing.T) { j.hear(t, before) })
			t.Run("new files", func(t *testing.T) { j.hear(t, files{valid: current}) })
			t.Run("documents", func(t *testing.T) { j.checkDocuments(t, s, current["/credential"]) })
		})
	}
}

// checkKeys checks that did.json lists all keys of an earlier time, that three have come
// with each rotation, and that the RSA key that signs now is the first.
func (s *service) checkKeys(t *testing.T, before []string, rotations int, signs string) {
	t.Helper()
	now := s.keys(t)
	for _, id := range before {
		if !slices.Contains(now, id) {
			t.Errorf("%s is not published any more", id)
		}
	}
	if len(now) != len(before)+3*rotations || now[0] != signs {
		t.Errorf("%d keys after %d, the first is %s; %s signs", len(now), len(before), now[0], signs)
	}
}

// keys returns the ids of the keys in did.json, in order.
func (s *service) keys(t *testing.T) (ids []string) {
	t.Helper()
	var document struct {
		VerificationMethod []struct{ ID string }
	}
	must(t, json.Unmarshal(s.get(t, "/issuers/"+string(s.world.Issuer)+"/did.json"), &document))
	for _, method := range document.VerificationMethod {
		ids = append(ids, method.ID)
	}
	return ids
}

// checkSigners compares the keys that signed the files of one award before and after
// rotations. All changed but that of the signed 2.0 badge.
func checkSigners(t *testing.T, old, current map[string][]byte) {
	t.Helper()
	for format, signer := range map[string]func(*testing.T, []byte) string{".jwt": keyID, "/credential": proofKey, ".jws": creator} {
		was, is := signer(t, old[format]), signer(t, current[format])
		if stays := format == ".jws"; was == "" || is == "" || (was == is) != stays {
			t.Errorf("%s was signed by %s, now by %s", format, was, is)
		}
	}
}

// keyID returns the key that the header of a JWT names.
func keyID(t *testing.T, token []byte) string {
	t.Helper()
	var header struct{ Kid string }
	decodePart(t, token, 0, &header)
	return header.Kid
}

// creator returns the key that a signed 2.0 badge names.
func creator(t *testing.T, token []byte) string {
	t.Helper()
	var badge struct {
		Verification struct{ Creator string }
	}
	decodePart(t, token, 1, &badge)
	return badge.Verification.Creator
}

func decodePart(t *testing.T, token []byte, part int, into any) {
	t.Helper()
	decoded, err := base64.RawURLEncoding.DecodeString(strings.Split(string(token), ".")[part])
	must(t, err)
	must(t, json.Unmarshal(decoded, into))
}

// proofKey returns the key that the embedded proof of a credential names.
func proofKey(t *testing.T, credential []byte) string {
	t.Helper()
	var document struct {
		Proof struct{ VerificationMethod string }
	}
	must(t, json.Unmarshal(credential, &document))
	return document.Proof.VerificationMethod
}

// readStatusLists reads the status list of a credential in both forms: with a proof, and
// as the JWT that a client without an Accept header gets.
func (s *service) readStatusLists(t *testing.T, credential []byte) {
	t.Helper()
	var document struct {
		CredentialStatus struct{ StatusListCredential string }
	}
	must(t, json.Unmarshal(credential, &document))
	path := pathOf(t, document.CredentialStatus.StatusListCredential)
	for accept, begins := range map[string]string{"application/vc": "{", "": "eyJ"} {
		if list := s.getAs(t, path, accept); !strings.HasPrefix(string(list), begins) {
			t.Errorf("the status list for %q: %.100s", accept, list)
		}
	}
}

// waitForNextKeys runs the background work until did.json has a next key of each kind.
func (s *service) waitForNextKeys(t *testing.T) {
	t.Helper()
	before := len(s.keys(t))
	s.workUntil(t, func(ctx context.Context) error {
		keys, err := s.app.IssuerKeys().IssuerKeys(ctx, s.world.Issuer)
		if err == nil && len(keys.Ed25519)+len(keys.RSA)+len(keys.P256) < before+3 {
			err = errors.New("the keys are not rotated")
		}
		return err
	})
}

// useNextKeys changes to the next keys in the console.
func (s *service) useNextKeys(t *testing.T) {
	t.Helper()
	link, err := s.app.AdminLink(t.Context())
	must(t, err)
	if status, body := s.post(t, pathOf(t, link), nil); status != http.StatusSeeOther {
		t.Fatalf("signing in answers %d: %s", status, body)
	}
	console := "/admin/platforms/" + string(s.world.Course.Platform)
	token := csrfToken.FindSubmatch(s.get(t, console))
	if token == nil {
		t.Fatal("the console has no form")
	}
	status, body := s.post(t, console+"/issuers/"+string(s.world.Issuer)+"/keys", url.Values{"csrf": {string(token[1])}})
	if status != http.StatusSeeOther {
		t.Fatalf("changing the keys answers %d: %s", status, body)
	}
}

var csrfToken = regexp.MustCompile(`name="csrf" value="([^"]+)"`)
