package openbadges_test

import (
	"bytes"
	"crypto/ed25519"
	"encoding/json"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/insigne-badges/insigne/badges"
	"github.com/insigne-badges/insigne/badges/openbadges"
	"github.com/insigne-badges/insigne/vc"
)

// TestDocuments3 compares the 3.0 documents with the files in testdata.
func TestDocuments3(t *testing.T) {
	for name, write := range map[string]func() ([]byte, error){
		"credential":      func() ([]byte, error) { return openbadges.Credential(plain()) },
		"credential_all":  func() ([]byte, error) { return openbadges.Credential(full(t)) },
		"achievement":     func() ([]byte, error) { return openbadges.Achievement(plain().Badge) },
		"achievement_all": func() ([]byte, error) { return openbadges.Achievement(full(t).Badge) },
		"profile":         func() ([]byte, error) { return openbadges.Profile(plain().Badge.Organisation) },
		"profile_all":     func() ([]byte, error) { return openbadges.Profile(organisation()) },
	} {
		t.Run(name, func(t *testing.T) {
			document, err := write()
			if err != nil {
				t.Fatal(err)
			}
			if again, err := write(); err != nil || !bytes.Equal(again, document) {
				t.Errorf("written again it is another text, %v", err)
			}
			compare(t, name, document)
			// Every term has a meaning: else it would not be signed.
			if _, err := vc.Canonicalise(document); err != nil {
				t.Error(err)
			}
			for _, nothing := range []string{"null", "[]", "{}", `:""`} {
				if bytes.Contains(document, []byte(nothing)) {
					t.Errorf("the document has %s", nothing)
				}
			}
		})
	}
}

// TestEmbedded checks the proof of a credential: it is stable, belongs to the
// document, and breaks when one byte changes.
func TestEmbedded(t *testing.T) {
	key := edKey()
	public := key.Private.Public()
	for name, award := range map[string]openbadges.Award{"plain": plain(), "all": full(t)} {
		t.Run(name, func(t *testing.T) {
			document, err := openbadges.Embedded(award, key, created)
			if err != nil {
				t.Fatal(err)
			}
			if err := vc.VerifyProof(document, public); err != nil {
				t.Error(err)
			}
			if again, err := openbadges.Embedded(award, key, created); err != nil || !bytes.Equal(again, document) {
				t.Errorf("signed again it is another text, %v", err)
			}
			if err := vc.VerifyProof(bytes.Replace(document, []byte("Terminer"), []byte("terminer"), 1), public); err == nil {
				t.Error("a changed document is accepted")
			}
			if err := vc.VerifyProof(document, ed25519.NewKeyFromSeed(make([]byte, 32)).Public()); err == nil {
				t.Error("another key is accepted")
			}
			unsigned, err := openbadges.Credential(award)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(fields(t, unsigned), without(fields(t, document), "proof")); diff != "" {
				t.Errorf("the signed document is another one (-want +got):\n%s", diff)
			}
		})
	}
}

func fields(t *testing.T, document []byte) map[string]any {
	t.Helper()
	var read map[string]any
	if err := json.Unmarshal(document, &read); err != nil {
		t.Fatal(err)
	}
	return read
}

func without(document map[string]any, names ...string) map[string]any {
	for _, name := range names {
		delete(document, name)
	}
	return document
}

// TestSigner checks that a Signer gives the same bytes as Embedded for awards
// that differ in every way that awards of one badge may differ, also when it
// signs many at once.
func TestSigner(t *testing.T) {
	signer, key := openbadges.NewSigner(), edKey()
	var group sync.WaitGroup
	for n := range 24 {
		a := full(t)
		a.Address, a.Recipient = fmt.Sprintf("%s/v/%d", host, n), openbadges.Recipient{Email: fmt.Sprintf("%d@a.example", n), Salt: fmt.Sprint("salt", n)}
		a.IssuedOn, a.Status[0].Index = issued.AddDate(0, 0, n), n
		if n%2 == 0 {
			a.Recipient.Name = fmt.Sprintf("Zoë \"%d\" \\ \u202e🏅", n)
		}
		a.Results, a.Evidence = a.Results[:n%3], a.Evidence[:n%2]
		if n%5 == 0 {
			a.Expires = time.Time{}
		}
		group.Go(func() {
			want, err := openbadges.Embedded(a, key, created)
			got, signerErr := signer.Embedded(a, key, created)
			if err != nil || signerErr != nil || !bytes.Equal(got, want) {
				t.Errorf("award %d: %v, %v\n%s\nwant\n%s", n, err, signerErr, got, want)
			}
		})
	}
	group.Wait()
	broken := plain()
	broken.Badge.Name = ""
	if _, err := signer.Embedded(broken, key, created); err == nil {
		t.Error("a badge without a name is signed")
	}
}

// TestJWT checks that the payload is the credential with the claims of the
// standard (Open Badges 3.0, section 8.2.4.1), for both algorithms.
func TestJWT(t *testing.T) {
	for _, key := range []vc.Key{{ID: did + "#rsa", Private: privateRSA(t)}, p256Key(t)} {
		t.Run(key.ID, func(t *testing.T) {
			token, err := openbadges.JWT(full(t), key)
			if err != nil {
				t.Fatal(err)
			}
			payload, err := vc.VerifyJWT(token, key.Private.Public())
			if err != nil {
				t.Fatal(err)
			}
			header, err := vc.ReadJWTHeader(token)
			if err != nil || header.KeyID != key.ID {
				t.Errorf("header %+v, %v; want the key %s", header, err, key.ID)
			}
			got := fields(t, payload)
			claims := map[string]any{"iss": got["iss"], "jti": got["jti"], "nbf": got["nbf"], "exp": got["exp"], "sub": got["sub"]}
			want := map[string]any{
				"iss": did, "jti": host + "/v/" + id, "sub": nil,
				"nbf": float64(issued.Unix()), "exp": float64(issued.AddDate(2, 0, 0).Unix()),
			}
			if diff := cmp.Diff(want, claims); diff != "" {
				t.Errorf("claims (-want +got):\n%s", diff)
			}
			unsigned, err := openbadges.Credential(full(t))
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(fields(t, unsigned), without(got, "iss", "jti", "nbf", "exp")); diff != "" {
				t.Errorf("the payload is another document (-want +got):\n%s", diff)
			}
		})
	}
	token, err := openbadges.JWT(plain(), vc.Key{ID: did + "#rsa", Private: privateRSA(t)})
	if err != nil {
		t.Fatal(err)
	}
	payload := decode(t, strings.Split(token, ".")[1])
	if bytes.Contains(payload, []byte(`"exp"`)) {
		t.Errorf("a badge without end has one: %s", payload)
	}
}

// TestConsent checks what a credential says without the learner's consent.
func TestConsent(t *testing.T) {
	a := full(t)
	a.Recipient.Name, a.Results, a.Evidence = "", nil, nil
	document, err := openbadges.Credential(a)
	if err != nil {
		t.Fatal(err)
	}
	for _, private := range []string{"Lefèvre", holder, "identityType\":\"name", "resultDescription", "result\"", "evidence"} {
		if bytes.Contains(document, []byte(private)) {
			t.Errorf("the document has %s: %s", private, document)
		}
	}
}

// TestResultIDs checks that the id of a result depends on its name alone, as
// awards of one badge may share different results.
func TestResultIDs(t *testing.T) {
	ids := func(results ...openbadges.Result) []any {
		a := plain()
		a.Results = results
		document, err := openbadges.Credential(a)
		if err != nil {
			t.Fatal(err)
		}
		var list []any
		subject := fields(t, document)["credentialSubject"].(map[string]any)
		for i, r := range subject["result"].([]any) {
			described := subject["achievement"].(map[string]any)["resultDescription"].([]any)[i].(map[string]any)
			if described["id"] != r.(map[string]any)["resultDescription"] {
				t.Errorf("result %d is of %v, described is %v", i, r, described)
			}
			list = append(list, described["id"])
		}
		return list
	}
	quiz, exam := openbadges.Result{Name: "Quiz", Percent: 100}, openbadges.Result{Name: "Examen", Percent: 1.0 / 3}
	both, one := ids(quiz, exam), ids(exam)
	if both[1] != one[0] || both[0] == both[1] {
		t.Errorf("ids %v and %v", both, one)
	}
}

// TestStatusEntry checks that a credential has one entry, for revocation, as the
// schema of 3.0 demands, and refers to the place in the other list.
func TestStatusEntry(t *testing.T) {
	revocation := openbadges.StatusEntry{List: host + "/status/1", Index: 0, Purpose: openbadges.Revocation}
	message := openbadges.StatusEntry{List: host + "/status/2", Index: 131_071, Purpose: openbadges.Message}
	entry := map[string]any{
		"id": host + "/status/1#0", "type": "BitstringStatusListEntry", "statusPurpose": "revocation",
		"statusListIndex": "0", "statusListCredential": host + "/status/1",
	}
	both := map[string]any{"statusReference": host + "/status/2#131071"}
	for k, v := range entry {
		both[k] = v
	}
	for _, tt := range []struct {
		name    string
		entries []openbadges.StatusEntry
		want    any
	}{
		{"none", nil, nil},
		{"revocation", []openbadges.StatusEntry{revocation}, entry},
		{"both", []openbadges.StatusEntry{revocation, message}, both},
		{"both, turned round", []openbadges.StatusEntry{message, revocation}, both},
	} {
		t.Run(tt.name, func(t *testing.T) {
			a := plain()
			a.Status = tt.entries
			document, err := openbadges.Credential(a)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(tt.want, fields(t, document)["credentialStatus"]); diff != "" {
				t.Errorf("entry (-want +got):\n%s", diff)
			}
		})
	}
}

// TestStatusList reads a status list back, in both forms.
func TestStatusList(t *testing.T) {
	bits := make([]byte, vc.MinStatusList/8)
	badges.SetStatusBit(bits, 94567, true)
	list := openbadges.StatusList{Address: host + "/status/1", DID: did, Purpose: openbadges.Revocation, Bits: bits, Changed: issued, TTL: time.Minute}
	key := edKey()
	embedded, err := list.Embedded(key, created)
	if err != nil {
		t.Fatal(err)
	}
	if err := vc.VerifyProof(embedded, key.Private.Public()); err != nil {
		t.Error(err)
	}
	compare(t, "statuslist", embedded)
	rsaKey := vc.Key{ID: did + "#rsa", Private: privateRSA(t)}
	token, err := list.JWT(rsaKey)
	if err != nil {
		t.Fatal(err)
	}
	payload, err := vc.VerifyJWT(token, rsaKey.Private.Public())
	if err != nil {
		t.Fatal(err)
	}
	for form, document := range map[string][]byte{"embedded": embedded, "JWT": payload} {
		subject := fields(t, document)["credentialSubject"].(map[string]any)
		read, err := vc.DecodeStatusList(subject["encodedList"].(string))
		if err != nil {
			t.Fatal(err)
		}
		for index, want := range map[int]bool{94567: true, 94566: false, 0: false, vc.MinStatusList - 1: false} {
			if got, err := vc.Status(read, index); err != nil || got != want {
				t.Errorf("%s: status %d is %v, %v; want %v", form, index, got, err, want)
			}
		}
	}
}
