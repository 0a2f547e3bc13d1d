package notify_test

import (
	"strings"
	"testing"

	"github.com/insigne-badges/insigne/internal/fault"
)

// Names, titles and addresses come from the LMS, where people can write anything.
func TestHostileNames(t *testing.T) {
	for name, test := range map[string]struct{ given, shown string }{
		"header injection":     {"Eve\r\nBcc: all@univ.example\r\n\r\nHello", "Eve Bcc: all@univ.example Hello"},
		"quotes":               {`Eve "the fox" O'Neill`, `Eve "the fox" O'Neill`},
		"second recipient":     {`x" <eve@evil.example>, "y`, `x" <eve@evil.example>, "y`},
		"comment and address":  {`Eve (x) <eve@evil.example>`, `Eve (x) <eve@evil.example>`},
		"backslash at the end": {`Eve \`, `Eve \`},
		"encoded word":         {"=?utf-8?q?Eve=0D=0ABcc:_x@evil.example?=", "=?utf-8?q?Eve=0D=0ABcc:_x@evil.example?="},
		"right to left":        {"مريم الفاسي", "مريم الفاسي"},
		"direction override":   {"Eve \u202elmth.exe", "Eve  lmth.exe"},
		"line separators":      {"Eve\u2028Bcc: x@evil.example", "Eve Bcc: x@evil.example"},
		"empty":                {"", ""},
	} {
		t.Run(name, func(t *testing.T) {
			server := newMailServer(t)
			n := notice("en")
			n.Assertion.Recipient.Name, n.Version.Name = test.given, test.given
			if err := newMailer(t, server.URL, sender{name: test.given}).Award(t.Context(), n); err != nil {
				t.Fatal(err)
			}
			got := server.only(t)
			if len(got.To) != 1 || got.To[0] != "zoe@student.example" {
				t.Errorf("went to %q", got.To)
			}
			l := open(t, got.Raw)
			if l.Header.Has("Bcc") || l.Header.Has("Hello") {
				t.Errorf("a header was added:\n%s", got.Raw)
			}
			for _, field := range []string{"To", "From"} {
				list, err := l.Header.AddressList(field)
				if err != nil || len(list) != 1 || list[0].Name != test.shown {
					t.Errorf("%s %q, %v; want the name %q", field, list, err, test.shown)
				}
			}
		})
	}
}

// An address with anything around it gets no mail.
func TestHostileAddresses(t *testing.T) {
	for name, address := range map[string]string{
		"empty":            "",
		"no address":       "zoe",
		"two addresses":    "zoe@student.example, eve@evil.example",
		"with a name":      "Eve <eve@evil.example>",
		"header injection": "zoe@student.example\r\nBcc: eve@evil.example",
		"command":          "zoe@student.example>\r\nRCPT TO:<eve@evil.example",
	} {
		t.Run(name, func(t *testing.T) {
			server := newMailServer(t)
			n := notice("en")
			n.Assertion.Recipient.Email = address
			wantFault(t, newMailer(t, server.URL, sender{}).Award(t.Context(), n), "mail.address_invalid")
			wantFault(t, newMailer(t, server.URL, sender{address: address + " "}).Award(t.Context(), n), "mail.sender_invalid")
			if len(server.received) != 0 {
				t.Error("a mail went out")
			}
		})
	}
}

func wantFault(t *testing.T, err error, key string) {
	t.Helper()
	if err == nil {
		t.Fatalf("no error, want %s", key)
	}
	if got := fault.KindOf(err); got != fault.Upstream || !strings.HasPrefix(err.Error(), key) {
		t.Errorf("%v of kind %v, want %s", err, got, key)
	}
	wantNoSecret(t, err)
}

func wantNoSecret(t *testing.T, err error) {
	t.Helper()
	for _, secret := range []string{"zoe@", "SECRET", "hunter2", "evil"} {
		if strings.Contains(err.Error(), secret) {
			t.Errorf("the error tells %q: %v", secret, err)
		}
	}
}
