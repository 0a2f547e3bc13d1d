package vc_test

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/piprate/json-gold/ld"

	"github.com/insigne-badges/insigne/vc"
)

// inventor makes random credentials: badges with parts left out, repeated, equal,
// empty, nested, and with difficult texts.
type inventor struct {
	random *rand.Rand
	texts  []string // used again, so that values are equal by chance
}

func newInventor(seed uint64) *inventor {
	return &inventor{random: rand.New(rand.NewPCG(seed, 1)), texts: []string{
		"", " ", "Badge", `"quoted" \ and \\`, "two\nlines\r\n\tindented", "Zoé 👩‍🎓 \u202eabc\u200b", "12", "true",
		"https://example.org/a", "did:web:example.org:issuers:1", "urn:uuid:1", "note: a text with a colon", "_text", "#fragment",
		"https://gap.invalid/1", "gap.invalid", "http://www.w3.org/1999/02/22-rdf-syntax-ns#nil", "Achievement", "@id", "id",
		"mailto:a@example.org", "https://host", "http://localhost:8080/x?y=z#1", "data:image/png;base64,AAAA",
	}}
}

func (v *inventor) chance(percent int) bool { return v.random.IntN(100) < percent }

func (v *inventor) text() string {
	if v.chance(40) {
		return v.texts[v.random.IntN(len(v.texts))]
	}
	return fmt.Sprintf("text %d", v.random.IntN(1000))
}

func (v *inventor) address() string {
	forms := []string{"https://example.org/%d", "urn:uuid:%d", "did:web:example.org:%d", "http://e.example/a?b=%d#c", "mailto:%d@example.org", "tag:example.org,2026:%d"}
	if v.chance(5) {
		return v.text() // most of them are refused
	}
	return fmt.Sprintf(forms[v.random.IntN(len(forms))], v.random.IntN(4))
}

func (v *inventor) scalar() any {
	switch v.random.IntN(12) {
	case 0:
		return v.random.IntN(100)
	case 1:
		return float64(v.random.IntN(1000)) / 8
	case 2:
		return v.chance(50)
	case 3:
		return nil
	case 4:
		return map[string]any{"@value": v.text(), "@language": []string{"fr", "en-GB"}[v.random.IntN(2)]}
	default:
		return v.text()
	}
}

func (v *inventor) some(make func() any) any {
	switch v.random.IntN(4) {
	case 0:
		return make()
	case 1:
		return []any{}
	default:
		items := []any{}
		for range 1 + v.random.IntN(3) {
			item := make()
			items = append(items, item)
			if v.chance(20) {
				items = append(items, item) // the same thing twice
			}
		}
		return items
	}
}

// thing makes an object with some of the members.
func (v *inventor) thing(types string, members map[string]func() any) map[string]any {
	object := map[string]any{"type": []any{types}}
	if v.chance(50) {
		object["id"] = v.address()
	}
	for name, make := range members {
		if v.chance(60) {
			object[name] = make()
		}
	}
	return object
}

func (v *inventor) scalarAny() any { return v.scalar() }
func (v *inventor) textAny() any   { return v.text() }
func (v *inventor) addrAny() any   { return v.address() }

func (v *inventor) alignment() any {
	return v.thing("Alignment", map[string]func() any{"targetName": v.scalarAny, "targetCode": v.textAny, "targetUrl": v.addrAny})
}

func (v *inventor) evidence() any {
	return v.thing("Evidence", map[string]func() any{"name": v.scalarAny, "narrative": v.textAny, "genre": v.textAny})
}

func (v *inventor) achievement() any {
	return v.thing("Achievement", map[string]func() any{
		"name": v.textAny, "description": v.scalarAny, "achievementType": v.textAny, "creditsAvailable": v.scalarAny, "inLanguage": v.textAny,
		"tag":       func() any { return v.some(v.textAny) },
		"criteria":  func() any { return map[string]any{"narrative": v.text()} },
		"alignment": func() any { return v.some(v.alignment) },
		"image":     func() any { return map[string]any{"id": v.address(), "type": "Image", "caption": v.text()} },
		"creator":   func() any { return v.thing("Profile", map[string]func() any{"name": v.textAny, "url": v.addrAny}) },
	})
}

func (v *inventor) credential() []byte {
	subject := v.thing("AchievementSubject", map[string]func() any{
		"achievement": v.achievement,
		"identifier": func() any {
			return v.some(func() any {
				return v.thing("IdentityObject", map[string]func() any{"hashed": v.scalarAny, "identityHash": v.textAny, "identityType": v.textAny, "salt": v.textAny})
			})
		},
	})
	credential := v.thing("VerifiableCredential", map[string]func() any{
		"name": v.scalarAny, "description": v.textAny, "validFrom": v.textAny, "issuer": v.addrAny,
		"evidence": func() any { return v.some(v.evidence) },
		"credentialStatus": func() any {
			return v.some(func() any {
				return map[string]any{"type": "BitstringStatusListEntry", "statusPurpose": "revocation", "statusListIndex": v.text(), "statusListCredential": v.address()}
			})
		},
	})
	credential["type"] = []any{"VerifiableCredential", "OpenBadgeCredential"}
	credential["credentialSubject"] = subject
	credential["@context"] = []any{"https://www.w3.org/ns/credentials/v2", "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json"}
	if v.chance(10) {
		credential["@context"] = append(credential["@context"].([]any), map[string]any{"note": "https://example.org/note"})
		credential["note"] = v.scalar()
	}
	document, err := json.Marshal(credential)
	if err != nil {
		panic(err) // the inventor made something that is not JSON
	}
	return document
}

// The same documents, the same bytes: whatever the shape, and for errors the same kind.
func TestSignerEqualsSignOnInventedDocuments(t *testing.T) {
	count := 120
	if testing.Short() {
		count = 30
	}
	v, signer, key := newInventor(1), vc.NewSigner(), badgeKey(t)
	signed := 0
	for i := range count {
		document := v.credential()
		for _, document := range append(variations(v, document), document) {
			want, wantErr := vc.Sign(document, key, signedAt)
			got, gotErr := signer.Sign(document, key, signedAt)
			if string(got) != string(want) || fmt.Sprint(gotErr == nil) != fmt.Sprint(wantErr == nil) {
				t.Fatalf("document %d %s\nSign:   %s %v\nSigner: %s %v", i, document, want, wantErr, got, gotErr)
			}
			if wantErr == nil {
				signed++
			}
		}
	}
	if signed < count {
		t.Errorf("only %d documents could be signed", signed)
	}
	if _, usable := signer.Remembers(); usable == 0 {
		t.Error("the signer used no shape")
	}
}

// variations returns documents of the same shape, or nearly: one text is another one.
func variations(v *inventor, document []byte) [][]byte {
	var out [][]byte
	for range 2 {
		old := fmt.Sprintf(`"text %d"`, v.random.IntN(1000))
		for n := range 1000 {
			if candidate := fmt.Sprintf(`"text %d"`, n); strings.Contains(string(document), candidate) {
				old = candidate
				break
			}
		}
		replacement, err := json.Marshal(v.text())
		if err != nil {
			panic(err) // text is always JSON
		}
		out = append(out, []byte(strings.ReplaceAll(string(document), old, string(replacement))))
	}
	return out
}

// json-gold is an independent reading of RDFC-1.0.
func TestCanonicaliseEqualsJSONGoldOnInventedDocuments(t *testing.T) {
	count := 300
	if testing.Short() {
		count = 60
	}
	v := newInventor(2)
	compared := 0
	for range count {
		document := v.credential()
		got, err := vc.Canonicalise(document)
		if err != nil {
			continue
		}
		compared++
		if want := unguarded(t, document); string(got) != want {
			t.Fatalf("%s\ngot\n%s\nwant\n%s", document, got, want)
		}
	}
	if compared < count/3 {
		t.Errorf("only %d documents could be compared", compared)
	}
}

// Random graphs of blank nodes, many of which look alike. No node has a statement about
// itself: json-gold counts such a statement twice, against section 4.4.3, step 2.1.
func TestCanonicalStatementsEqualJSONGoldOnRandomGraphs(t *testing.T) {
	count := 2000
	if testing.Short() {
		count = 300
	}
	random := rand.New(rand.NewPCG(3, 1))
	for range count {
		graph := randomGraph(random)
		dataset, err := ld.ParseNQuads(graph)
		if err != nil {
			t.Fatal(err)
		}
		options := ld.NewJsonLdOptions("")
		options.Algorithm, options.Format = ld.AlgorithmURDNA2015, "application/n-quads"
		want, err := ld.NewJsonLdApi().Normalize(dataset, options)
		if err != nil {
			t.Fatal(err)
		}
		got, err := vc.CanonicalStatements(graph)
		if err != nil {
			t.Fatal(err)
		}
		if string(got) != want {
			t.Fatalf("%s\ngot\n%s\nwant\n%s", graph, got, want)
		}
	}
}

func randomGraph(random *rand.Rand) string {
	var graph strings.Builder
	nodes := 2 + random.IntN(5)
	for range 1 + random.IntN(12) {
		subject := random.IntN(nodes)
		other := (subject + 1 + random.IntN(nodes-1)) % nodes
		if random.IntN(5) == 0 {
			fmt.Fprintf(&graph, "_:n%d <https://x.example/p%d> \"%d\" _:n%d .\n", subject, random.IntN(2), random.IntN(2), other)
			continue
		}
		fmt.Fprintf(&graph, "_:n%d <https://x.example/p%d> _:n%d .\n", subject, random.IntN(2), other)
	}
	return graph.String()
}
