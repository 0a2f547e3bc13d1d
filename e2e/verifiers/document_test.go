package verifiers_test

import (
	"encoding/json"
	"net/url"
	"testing"
)

// checkDocuments has judges look at the documents that a credential leads to.
func (j *judges) checkDocuments(t *testing.T, s *service, credential []byte) {
	var links struct {
		Subject struct {
			Achievement struct {
				ID string `json:"id"`
			} `json:"achievement"`
		} `json:"credentialSubject"`
		Status struct {
			List string `json:"statusListCredential"`
		} `json:"credentialStatus"`
	}
	must(t, json.Unmarshal(credential, &links))
	issuer := "/issuers/" + string(s.world.Issuer)
	for name, tt := range map[string]struct {
		path, accept string
		judges       []string
	}{
		"achievement": {pathOf(t, links.Subject.Achievement.ID), "application/vc+ld+json", []string{"achievement schema", "jsonld"}},
		"profile":     {issuer, "application/vc+ld+json", []string{"profile schema", "jsonld"}},
		"DID":         {issuer + "/did.json", "application/did+json", []string{"jsonld"}},
		"status list": {pathOf(t, links.Status.List), "application/vc", []string{"digitalbazaar", "jsonld"}},
	} {
		document := s.getAs(t, tt.path, tt.accept)
		for _, judge := range tt.judges {
			t.Run(judge+" on "+name, func(t *testing.T) {
				opinion{asked: javaScript, judge: judge}.check(t, j, document, "")
			})
		}
	}
}

func pathOf(t *testing.T, address string) string {
	t.Helper()
	u, err := url.Parse(address)
	must(t, err)
	return u.Path
}
