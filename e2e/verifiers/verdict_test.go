package verifiers_test

import (
	"regexp"
	"testing"

	"github.com/insigne-badges/insigne/badges"
)

// state is what happened to a badge after the learner got it.
type state string

const (
	valid    state = "valid"
	altered  state = "tampered"
	revoked  state = "revoked"
	expired  state = "expired"
	replaced state = "replaced by a higher step"
	private  state = "private"
	erased   state = "erased"
)

// opinion is what one judge must say about one format: nothing about a badge that it
// accepts, else a reason. says has patterns of the reasons.
type opinion struct {
	format string // the end of its address
	asked  software
	judge  string
	read   func(t *testing.T, file []byte) []byte // from the file, what the judge looks at; nil: the file
	says   map[state]string
}

// files are the documents that learners got, by state and format.
type files map[state]map[string][]byte

// TestBadges lets judges and programs look at files that learners got when they claimed
// badges, and at what the service says about them. The files of a badge that is replaced or
// private now stay valid, except those of 2.0 that say where the service has them.
func TestBadges(t *testing.T) {
	t.Parallel()
	folder(t)
	s := newService(t)
	got := s.files(t)
	j := newJudges(t, s)
	t.Run("verdicts", func(t *testing.T) { j.hear(t, got) })
	t.Run("structure", func(t *testing.T) { checkStructure(t, got[valid]) })
	t.Run("text of the certificate", func(t *testing.T) { checkCertificate(t, s.world.Badge, got[valid][".pdf"]) })
	t.Run("documents", func(t *testing.T) { j.checkDocuments(t, s, got[valid]["/credential"]) })
}

// hear compares every opinion about the files with the table. It passes over states
// without files.
func (j *judges) hear(t *testing.T, got files) {
	for _, o := range opinions() {
		for _, state := range []state{valid, altered, revoked, expired, replaced, private, erased} {
			if reason, ok := o.says[state]; ok && got[state.source()] != nil {
				t.Run(o.judge+" on "+o.format+" "+string(state), func(t *testing.T) {
					o.check(t, j, o.document(t, got, state), reason)
				})
			}
		}
	}
}

// source returns the state whose files are asked about: a tampered file was valid.
func (s state) source() state {
	if s == altered {
		return valid
	}
	return s
}

// document returns what the judge looks at.
func (o opinion) document(t *testing.T, got files, state state) []byte {
	t.Helper()
	document := got[state.source()][o.format]
	if o.read != nil {
		document = o.read(t, document)
	}
	if state == altered {
		document = tampered(t, document)
	}
	return document
}

// check asks the judge. An empty reason means that the judge must accept the document.
func (o opinion) check(t *testing.T, j *judges, document []byte, reason string) {
	t.Helper()
	v := j.ask(t, o.asked, question{Judge: o.judge, Document: document, Options: map[string]string{"recipient": recipient}})
	switch {
	case v.Valid != (reason == ""):
		t.Errorf("valid = %v, reason: %s, notes: %q\n%.2000s", v.Valid, v.Reason, v.Notes, document)
	case !regexp.MustCompile(reason).MatchString(v.Reason):
		t.Errorf("the reason is %q, want %q", v.Reason, reason)
	}
}

// formats lists the formats that opinions are about.
func formats() []string {
	var list []string
	seen := map[string]bool{}
	for _, o := range opinions() {
		if !seen[o.format] {
			seen[o.format] = true
			list = append(list, o.format)
		}
	}
	return list
}

// files claims badges and gets their files. After that one badge is revoked, one expires,
// one is replaced by a higher step, one is made private, and one is erased.
func (s *service) files(t *testing.T) files {
	t.Helper()
	got := files{}
	claimed := map[state]badges.Assertion{}
	for state, badge := range map[state]badges.Badge{
		valid: s.world.Badge, revoked: s.world.Badge, expired: s.short, replaced: s.world.Badge, private: s.world.Badge,
		erased: s.world.Badge,
	} {
		claimed[state] = s.claimed(t, badge, badges.UserID(state))
		got[state] = s.documents(t, claimed[state])
	}
	s.clock.Add(sinceClaim)
	s.revoke(t, claimed[revoked])
	s.replace(t, claimed[replaced])
	s.makePrivate(t, claimed[private])
	s.erase(t, claimed[erased])
	return got
}

// documents returns the files of an award by format.
func (s *service) documents(t *testing.T, a badges.Assertion) map[string][]byte {
	t.Helper()
	all := map[string][]byte{}
	for _, format := range formats() {
		all[format] = s.get(t, "/v/"+string(a.ID)+format)
	}
	return all
}

// opinions is the table of formats and judges.
//
// The 1EdTech validator of 2.0 knows no hosted badge that was revoked: it refuses the
// document that says so because it lacks what an assertion must have. It reads a hosted
// badge only at its address, so a tampered copy does not deceive it.
//
// jose checks only the signature of a signed 2.0 badge. A schema and JSON-LD say nothing
// about the state of a badge.
func opinions() []opinion {
	hosted := map[state]string{valid: "", altered: "field 'recipient' differs", revoked: "HTTP Error 410: Gone", expired: "has expired", replaced: "HTTP Error 410: Gone", private: "HTTP Error 404: Not Found", erased: "HTTP Error 410: Gone"}
	validated := map[state]string{valid: "", altered: "", revoked: "Required property recipient not present", expired: "expired on", erased: "Chosen OBClass None"}
	embedded := map[state]string{
		valid: "", altered: "signature mismatch", revoked: "status 'revocation' is set", expired: "has expired", replaced: "", private: "", erased: "",
	}
	proven := map[state]string{
		valid: "", altered: "Invalid signature", revoked: "^status revocation is set$", expired: `is after "validUntil"`, replaced: "", private: "", erased: "",
	}
	return []opinion{
		{".json", openBadgesLib, "ob2-hosted", nil, hosted},
		{".json", firstEdTech, "validator", nil, validated},
		{".jws", openBadgesLib, "ob2-signed", nil, map[state]string{
			valid: "", altered: "Invalid signature", revoked: "has been revoked: Copié", expired: "has expired", replaced: "has been revoked", private: "", erased: "",
		}},
		{".jws", firstEdTech, "validator", nil, map[state]string{
			valid: "", altered: "failed verification :: Signature verification failed", revoked: "has been revoked in RevocationList .* with reason: Copié", expired: "expired on", private: "", erased: "",
		}},
		{".jws", javaScript, "jose", nil, map[state]string{valid: "", altered: "ERR_JWS_SIGNATURE_VERIFICATION_FAILED"}},
		{"/credential", javaScript, "digitalbazaar", nil, proven},
		{"/credential", javaScript, "verifier-core", nil, map[state]string{
			valid: "", altered: "^invalid_signature", revoked: "^revocation_status: false$", expired: "^expiration: false$", replaced: "", private: "", erased: "",
		}},
		{"/credential", openBadgesLib, "ob3-embedded", nil, embedded},
		{"/credential", javaScript, "credential schema", nil, map[state]string{valid: ""}},
		{"/credential", javaScript, "jsonld", nil, map[state]string{valid: ""}},
		{".jwt", javaScript, "jose", nil, map[state]string{
			valid: "", altered: "ERR_JWS_SIGNATURE_VERIFICATION_FAILED", revoked: "^status revocation is set$", expired: "ERR_JWT_EXPIRED", replaced: "", private: "", erased: "",
		}},
		{".jwt", openBadgesLib, "ob3-jwt", nil, map[state]string{
			valid: "", altered: "Invalid signature", revoked: "status 'revocation' is set", expired: "has expired", replaced: "", private: "", erased: "",
		}},
		{".png", openBadgesLib, "ob2-png", nil, hosted},
		{".png", openBadgesLib, "ob3-png", nil, embedded},
		{".png", firstEdTech, "validator", nil, validated},
		{".svg", openBadgesLib, "ob3-svg", nil, embedded},
		{".svg", firstEdTech, "validator", nil, validated},
		{".pdf", javaScript, "digitalbazaar", attachment, proven},
		{".pdf", openBadgesLib, "ob3-embedded", attachment, embedded},
		{".pdf", openBadgesLib, "ob2-hosted", information, hosted},
		{".pdf", firstEdTech, "validator", metadata, validated},
	}
}
