package verifiers_test

import (
	"bytes"
	"encoding/base64"
	"encoding/binary"
	"hash/crc32"
	"regexp"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// tampered returns a document with one changed byte in what the issuer said: a digit of
// the hashed recipient. Everything around it stays correct, such as the checksum of a
// PNG, so that only the signature or the issuer can tell.
func tampered(t *testing.T, document []byte) []byte {
	t.Helper()
	changed := flipped(t, document)
	if bytes.Equal(changed, document) {
		t.Fatalf("nothing to tamper with in %.200s", document)
	}
	return changed
}

func flipped(t *testing.T, document []byte) []byte {
	t.Helper()
	if bytes.HasPrefix(document, []byte(pngSignature)) {
		return flipPNG(t, document)
	}
	document = bytes.Clone(document)
	for _, at := range recipientHash.FindAllIndex(document, -1) {
		flipDigit(document, at[1]-1)
	}
	return compactJWS.ReplaceAllFunc(document, func(token []byte) []byte { return flipJWS(t, token) })
}

var (
	recipientHash = regexp.MustCompile(`sha256\$[0-9a-f]`)
	compactJWS    = regexp.MustCompile(`eyJ[\w-]+\.eyJ[\w-]+\.[\w-]{40,}`)
)

func flipDigit(document []byte, at int) {
	if document[at] == '0' {
		document[at] = '1'
	} else {
		document[at] = '0'
	}
}

// flipJWS changes the payload of a compact JWS and leaves its signature.
func flipJWS(t *testing.T, token []byte) []byte {
	t.Helper()
	parts := bytes.Split(token, []byte("."))
	payload, err := base64.RawURLEncoding.DecodeString(string(parts[1]))
	must(t, err)
	parts[1] = []byte(base64.RawURLEncoding.EncodeToString(flipped(t, payload)))
	return bytes.Join(parts, []byte("."))
}

const pngSignature = "\x89PNG\r\n\x1a\n"

// flipPNG changes the text chunks of a PNG, and their checksums with them.
func flipPNG(t *testing.T, picture []byte) []byte {
	t.Helper()
	out := []byte(pngSignature)
	for rest := picture[len(pngSignature):]; len(rest) > 0; {
		length := binary.BigEndian.Uint32(rest)
		kind, data := rest[4:8], rest[8:8+length]
		if string(kind) == "iTXt" {
			data = flipped(t, data)
		}
		out = binary.BigEndian.AppendUint32(out, length)
		chunk := append(bytes.Clone(kind), data...)
		out = binary.BigEndian.AppendUint32(append(out, chunk...), crc32.ChecksumIEEE(chunk))
		rest = rest[12+length:]
	}
	return out
}

func TestTampering(t *testing.T) {
	t.Parallel()
	hash := `"sha256$0abc"`
	encode := func(s string) string { return base64.RawURLEncoding.EncodeToString([]byte(s)) }
	token := func(payload string) string {
		return encode(`{"alg":"RS256"}`) + "." + encode(`{"identity":`+payload+`}`) + "." + encode("a signature of more than thirty bytes")
	}
	for name, tt := range map[string]struct{ document, want string }{
		"JSON": {`{"identityHash":` + hash + `}`, `{"identityHash":"sha256$1abc"}`},
		"JWS":  {token(hash), token(`"sha256$1abc"`)},
		"SVG":  {`<a verify="` + token(hash) + `"/>`, `<a verify="` + token(`"sha256$1abc"`) + `"/>`},
	} {
		if diff := cmp.Diff(tt.want, string(tampered(t, []byte(tt.document)))); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}
}
