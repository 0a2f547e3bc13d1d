package badges_test

import (
	"strings"
	"testing"

	"github.com/insigne-badges/insigne/badges"
	"github.com/insigne-badges/insigne/internal/fault"
)

func TestParseAddress(t *testing.T) {
	long := strings.Repeat("a", 60) + "@" + strings.Repeat("b", 60) + "." + strings.Repeat("c", 60) + "." + strings.Repeat("d", 60) + ".example"
	for name, tt := range map[string]struct{ text, want, key string }{
		"an address":              {text: "zoe@example.org", want: "zoe@example.org"},
		"capitals":                {text: "Zoe.Angstrom@Example.ORG", want: "Zoe.Angstrom@Example.ORG"},
		"a tag":                   {text: "helene.dupont+test@example.org", want: "helene.dupont+test@example.org"},
		"an apostrophe":           {text: "o'neill@example.org", want: "o'neill@example.org"},
		"letters with accents":    {text: "zoë@université.example", want: "zoë@université.example"},
		"spaces around it":        {text: "  zoe@example.org\t\r\n", want: "zoe@example.org"},
		"254 bytes":               {text: long + strings.Repeat("e", 254-len(long)), want: long + strings.Repeat("e", 254-len(long))},
		"255 bytes":               {text: long + strings.Repeat("e", 255-len(long)), key: "address.too_long"},
		"nothing":                 {text: "", key: "address.missing"},
		"only spaces":             {text: " \t ", key: "address.missing"},
		"no address":              {text: "zoe", key: "address.invalid"},
		"without a domain":        {text: "zoe@", key: "address.invalid"},
		"without a local part":    {text: "@example.org", key: "address.invalid"},
		"two addresses":           {text: "zoe@example.org, eve@evil.example", key: "address.invalid"},
		"with a name":             {text: "Zoë <zoe@example.org>", key: "address.invalid"},
		"with a comment":          {text: "zoe@example.org (Zoë)", key: "address.invalid"},
		"in angle brackets":       {text: "<zoe@example.org>", key: "address.invalid"},
		"a space inside":          {text: "zoe angstrom@example.org", key: "address.invalid"},
		"two dots":                {text: "zoe..a@example.org", key: "address.invalid"},
		"a header":                {text: "zoe@example.org\r\nBcc: eve@evil.example", key: "address.unreadable"},
		"a control character":     {text: "zoe\x07@example.org", key: "address.unreadable"},
		"NUL":                     {text: "zoe\x00@example.org", key: "address.unreadable"},
		"DEL":                     {text: "zoe\x7f@example.org", key: "address.unreadable"},
		"a right-to-left mark":    {text: "zoe\u202e@example.org", key: "address.unreadable"},
		"a zero-width space":      {text: "zoe@example.org\u200b", key: "address.unreadable"},
		"a byte that is no UTF-8": {text: "zoe\xff@example.org", key: "address.unreadable"},
	} {
		t.Run(name, func(t *testing.T) {
			got, err := badges.ParseAddress(tt.text)
			if got != tt.want || (err == nil) != (tt.key == "") {
				t.Fatalf("ParseAddress = %q, %v; want %q, %q", got, err, tt.want, tt.key)
			}
			if err != nil && (!fault.Is(err, fault.Invalid) || err.Error() != tt.key) {
				t.Errorf("%v; want Invalid, %s", err, tt.key)
			}
			// The recipient of an award has the address only if it is usable.
			if r := (badges.Member{Name: "Zoë", Email: tt.text, Language: "fr"}).Recipient(); r != (badges.Recipient{Name: "Zoë", Email: tt.want, Language: "fr"}) {
				t.Errorf("Recipient = %+v", r)
			}
		})
	}
}

func FuzzParseAddress(f *testing.F) {
	for _, seed := range []string{"zoe@example.org", "Zoë <zoe@example.org>", "a@b\r\nBcc: c@d", `"a b"@x.org`} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		address, err := badges.ParseAddress(text)
		if err != nil {
			return
		}
		if again, err := badges.ParseAddress(address); err != nil || again != address {
			t.Errorf("%q is read as %q, %v the second time", address, again, err)
		}
		if len(address) > 254 || strings.ContainsAny(address, "\r\n\x00 ,<>") {
			t.Errorf("%q is accepted", address)
		}
	})
}

// TestClaimFreezesTheIdentity checks the spelling of the address that documents hash:
// the claim writes it in lower case. An award that was claimed before keeps its own.
func TestClaimFreezesTheIdentity(t *testing.T) {
	for name, tt := range map[string]struct {
		from      badges.AssertionState
		told, get string
	}{
		"small letters":            {badges.Pending, "zoe@example.org", "zoe@example.org"},
		"capitals in both parts":   {badges.Pending, "Zoe.ANGSTROM@Example.ORG", "zoe.angstrom@example.org"},
		"declined before":          {badges.Declined, "ZOE@example.org", "zoe@example.org"},
		"capitals with accents":    {badges.Pending, "ÉMILE@Université.example", "émile@université.example"},
		"claimed before":           {badges.Claimed, "Zoe@Example.org", "Zoe@Example.org"},
		"claimed, now replaced":    {badges.Replaced, "Zoe@Example.org", "Zoe@Example.org"},
		"claimed without address":  {badges.Claimed, "not an address", "not an address"},
		"nothing else is adjusted": {badges.Pending, "Zoe.A+Tag@example.org", "zoe.a+tag@example.org"},
	} {
		a := badges.Assertion{State: tt.from, Recipient: badges.Recipient{Email: tt.told}}
		if tt.from == badges.Replaced {
			a.ReplacedFrom = badges.Claimed
		}
		claimed, err := a.Claim(noon, true, true)
		if err != nil || claimed.Recipient.Email != tt.get {
			t.Errorf("%s: %q, %v; want %q", name, claimed.Recipient.Email, err, tt.get)
		}
	}
}

// TestAwaitsAddress tries an award without a usable address in every state.
func TestAwaitsAddress(t *testing.T) {
	for _, email := range []string{"", "zoe", "zoe@example.org\u200b", " zoe@example.org"} {
		for state, waits := range map[badges.AssertionState]bool{
			badges.Withheld: false, badges.Pending: true, badges.Declined: true, badges.Claimed: false,
			badges.Withdrawn: false, badges.Revoked: false, badges.Replaced: false,
		} {
			a := badges.Assertion{State: state, Recipient: badges.Recipient{Email: email}}
			if a.AwaitsAddress() != waits {
				t.Errorf("%s, %q: awaits an address: %t", state, email, !waits)
			}
			if _, err := a.Claim(noon, true, true); waits && (!fault.Is(err, fault.Conflict) || err.Error() != "claim.no_address") {
				t.Errorf("%s, %q: claimed: %v", state, email, err)
			}
			got, err := a.WithAddress("Zoe@Example.org ")
			if takes := waits || state == badges.Withheld; takes != (err == nil) || takes && got.Recipient.Email != "Zoe@Example.org" {
				t.Errorf("%s, %q: takes an address: %v, %+v", state, email, err, got.Recipient)
			}
		}
	}
	has := badges.Assertion{State: badges.Pending, Recipient: badges.Recipient{Email: "zoe@example.org"}}
	if got, err := has.WithAddress("eve@evil.example"); !fault.Is(err, fault.Conflict) || got.Recipient.Email != "zoe@example.org" {
		t.Errorf("an award with an address gets another: %+v, %v", got.Recipient, err)
	}
}
