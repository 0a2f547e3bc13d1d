package openbadges_test

import (
	"bytes"
	"crypto"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/x509"
	"encoding/base64"
	"encoding/json"
	"encoding/pem"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/insigne-badges/insigne/badges/openbadges"
	"github.com/insigne-badges/insigne/vc"
)

// TestDocuments compares the 2.0 documents with the files in testdata.
func TestDocuments(t *testing.T) {
	hosted := func(a openbadges.Award) []byte {
		document, err := openbadges.Hosted(a)
		return marshal(t, document, err)
	}
	class := func(b openbadges.Badge) []byte {
		document, err := openbadges.NewBadgeClass(b)
		return marshal(t, document, err)
	}
	issuer := func(o openbadges.Organisation) []byte {
		document, err := openbadges.NewIssuer(o)
		return marshal(t, document, err)
	}
	list := func(revoked ...openbadges.RevokedAward) []byte {
		document, err := openbadges.NewRevocationList(organisation(), revoked)
		return marshal(t, document, err)
	}
	const other = "11111111-3b0a-4a53-9b7f-1f3c56f2a001"
	rotated := organisation()
	rotated.Keys = append(rotated.Keys, rsaKey+"2")
	for name, document := range map[string][]byte{
		"assertion":           hosted(plain()),
		"assertion_all":       hosted(full(t)),
		"class":               class(plain().Badge),
		"class_all":           class(full(t).Badge),
		"issuer":              issuer(plain().Badge.Organisation),
		"issuer_all":          issuer(organisation()),
		"issuer_rotated":      issuer(rotated),
		"revoked":             marshal(t, openbadges.NewRevoked(host+"/v/"+id, "Awarded by mistake"), nil),
		"erased":              marshal(t, openbadges.NewRevoked(host+"/v/"+id, ""), nil),
		"revocations":         list(openbadges.RevokedAward{Address: host + "/v/" + id, UUID: id, Reason: "Awarded by mistake"}, openbadges.RevokedAward{Address: host + "/v/" + other, UUID: other}),
		"revocations_nothing": list(),
	} {
		t.Run(name, func(t *testing.T) { compare(t, name, document) })
	}
}

// TestCaption checks that a picture is a plain address, which every reader
// takes, unless it has a caption that says more than the name.
func TestCaption(t *testing.T) {
	b := plain().Badge
	b.Image.Caption = b.Name
	document, err := openbadges.NewBadgeClass(b)
	if text := marshal(t, document, err); !bytes.Contains(text, []byte(`"image":"`+host)) {
		t.Errorf("the name is repeated as a caption: %s", text)
	}
	b.Image.Caption = "Une loupe"
	document, err = openbadges.NewBadgeClass(b)
	var read openbadges.BadgeClass
	if err := json.Unmarshal(marshal(t, document, err), &read); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(openbadges.ImageObject{ID: b.Image.Address, Caption: "Une loupe"}, read.Image); diff != "" {
		t.Errorf("the caption that was read (-want +got):\n%s", diff)
	}
}

// TestOriginWithPort checks the scope of an issuer on a port, as in a test: an
// origin with a port is refused by validators.
func TestOriginWithPort(t *testing.T) {
	for address, want := range map[string]openbadges.HostedScope{
		"https://localhost:8443/issuers/1":    {Type: "VerificationObject", StartsWith: "https://localhost:8443/"},
		"https://a.example:8443/issuers/1":    {Type: "VerificationObject", StartsWith: "https://a.example:8443/"},
		"https://192.0.2.1/issuers/1":         {Type: "VerificationObject", StartsWith: "https://192.0.2.1/"},
		"https://badges.a.example/issuers/1":  {Type: "VerificationObject", AllowedOrigins: "badges.a.example", StartsWith: "https://badges.a.example/"},
		"http://badges.a.example:80/issuers/": {Type: "VerificationObject", StartsWith: "http://badges.a.example:80/"},
	} {
		o := organisation()
		o.Address = address
		got, err := openbadges.NewIssuer(o)
		if diff := cmp.Diff(want, got.Verification); err != nil || diff != "" {
			t.Errorf("%s: %v (-want +got):\n%s", address, err, diff)
		}
	}
}

// TestSigned checks a signed assertion with the standard library: its header, its
// signature and its document.
func TestSigned(t *testing.T) {
	private := privateRSA(t)
	key := vc.Key{ID: rsaKey, Private: private}
	token, err := openbadges.Signed(full(t), key)
	if err != nil {
		t.Fatal(err)
	}
	parts := strings.Split(token, ".")
	if len(parts) != 3 {
		t.Fatalf("%d parts in %s", len(parts), token)
	}
	if header := decode(t, parts[0]); string(header) != `{"alg":"RS256"}` {
		t.Errorf("header %s", header)
	}
	sum := sha256.Sum256([]byte(parts[0] + "." + parts[1]))
	if err := rsa.VerifyPKCS1v15(&private.PublicKey, crypto.SHA256, sum[:], decode(t, parts[2])); err != nil {
		t.Error(err)
	}
	compare(t, "signed", decode(t, parts[1]))
	if again, err := openbadges.Signed(full(t), key); err != nil || again != token {
		t.Errorf("signed again it is another text, %v", err)
	}
	document, err := openbadges.NewKey(rsaKey, organisation().Address, &private.PublicKey)
	if err != nil {
		t.Fatal(err)
	}
	want := openbadges.CryptographicKey{
		Context: openbadges.Context2, Type: "CryptographicKey", ID: rsaKey, Owner: organisation().Address, PublicKeyPEM: document.PublicKeyPEM,
	}
	if diff := cmp.Diff(want, document); diff != "" {
		t.Errorf("document of the key (-want +got):\n%s", diff)
	}
	block, _ := pem.Decode([]byte(document.PublicKeyPEM))
	if public, err := x509.ParsePKIXPublicKey(block.Bytes); err != nil || !private.PublicKey.Equal(public) {
		t.Errorf("the published key is %v, %v", public, err)
	}
}

func decode(t *testing.T, part string) []byte {
	t.Helper()
	raw, err := base64.RawURLEncoding.DecodeString(part)
	if err != nil {
		t.Fatal(err)
	}
	return raw
}

// TestHashEmail compares with the output of `printf
// 'zoe.lefevre@univ.examplesalt' | sha256sum`.
func TestHashEmail(t *testing.T) {
	const want = "sha256$17401d36f7b918633f6600d3ddbb43dbdf3b11f60684d6e2692772b12caef16c"
	if got := openbadges.HashEmail(holder, "salt"); got != want {
		t.Errorf("HashEmail = %s, want %s", got, want)
	}
	if openbadges.HashEmail("A@x.example", "s") == openbadges.HashEmail("a@x.example", "s") {
		t.Error("an address is hashed as it is given, in its own case")
	}
}
