package public

import (
	"bytes"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"net/http"
	"strconv"
	"time"

	"github.com/insigne-badges/insigne/web/page"
)

// The media types of documents. The first of a list that a handler offers is the one
// for a client without a wish.
const (
	typeHTML        = "text/html"
	typeLinkedData  = "application/ld+json"    // Open Badges 2.0
	typeJSON        = "application/json"       // the same, for a client that knows no JSON-LD
	typeCredential  = "application/vc+ld+json" // Open Badges 3.0, section 7 "Content types"
	typeCredential2 = "application/vc"         // Verifiable Credentials 2.0, section 6.2
	typeDID         = "application/did+json"
	typeJWK         = "application/jwk+json"
	typeJWT         = "text/plain" // Open Badges 3.0: the compact form of a credential
	typeVCJWT       = "application/vc+jwt"
	typeJOSE        = "application/jose" // RFC 7515, section 9.2.1: a signed 2.0 assertion
)

// document is an answer to a program. Its caches ask again each time unless fresh says
// otherwise.
type document struct {
	mediaType string
	body      []byte
	status    int           // zero: 200
	fresh     time.Duration // how long a cache may use it without asking
	varies    bool          // other forms are at the same address
	ending    string        // of its name, such as .png, if it is more a file than a document
}

// write answers with the document, or with 304 if the client has it (RFC 9110, section
// 13.1.2). Scripts of any site may read it, because some wallets and validators run in
// browsers.
func (d document) write(w http.ResponseWriter, r *http.Request) error {
	header := w.Header()
	allowScripts(header)
	header.Set("Content-Type", d.mediaType)
	header.Set("Cache-Control", d.caching())
	if d.varies {
		header.Add("Vary", "Accept")
	}
	if d.ending != "" {
		header.Set("Content-Disposition", `inline; filename="badge`+d.ending+`"`)
	}
	if d.status != 0 {
		header.Set("Content-Length", strconv.Itoa(len(d.body)))
		w.WriteHeader(d.status)
		// An error here means that the reader has left. That is no error of ours.
		_, _ = w.Write(d.body)
		return nil
	}
	sum := sha256.Sum256(d.body)
	header.Set("ETag", `"`+base64.RawURLEncoding.EncodeToString(sum[:16])+`"`)
	http.ServeContent(w, r, "", time.Time{}, bytes.NewReader(d.body))
	return nil
}

func (d document) caching() string {
	if d.fresh == 0 {
		return "no-cache" // a cache may keep it, but must ask whether it is still the same
	}
	return "public, max-age=" + strconv.Itoa(int(d.fresh.Seconds()))
}

// allowScripts lets scripts of any site read the answer.
func allowScripts(header http.Header) {
	header.Set("Access-Control-Allow-Origin", "*")
	header.Set("Access-Control-Expose-Headers", "ETag")
	header.Set("Cross-Origin-Resource-Policy", "cross-origin")
}

// forScripts has scripts of any site read every answer of f. Errors are among them: a
// verifier in a browser must see why it gets nothing.
func forScripts(f page.Func) page.Func {
	return func(w http.ResponseWriter, r *http.Request) error {
		allowScripts(w.Header())
		return f(w, r)
	}
}

// preflight answers the question of a browser whether a script may send a request that
// has headers of its own, such as If-None-Match (Fetch, section 4.8).
func preflight(w http.ResponseWriter, _ *http.Request) error {
	header := w.Header()
	allowScripts(header)
	header.Set("Access-Control-Allow-Methods", "GET, HEAD")
	header.Set("Access-Control-Allow-Headers", "*")
	header.Set("Access-Control-Max-Age", "86400") // seconds
	w.WriteHeader(http.StatusNoContent)
	return nil
}

// offered returns the media type that the client prefers of those offered.
func offered(r *http.Request, types ...string) string { return page.Negotiate(r, types...) }

// silent reports whether a client says nothing about what it accepts. Some verifiers do
// so; each expects one form.
func silent(r *http.Request) bool { return r.Header.Get("Accept") == "" }

// isThree reports whether a media type is of Open Badges 3.0.
func isThree(mediaType string) bool {
	return mediaType == typeCredential || mediaType == typeCredential2
}

// isJWT reports whether a media type is of a credential in compact form.
func isJWT(mediaType string) bool { return mediaType == typeVCJWT || mediaType == typeJWT }

// encode returns an Open Badges 2.0 document as people can read it too.
func encode(value any) ([]byte, error) { return json.MarshalIndent(value, "", "  ") }

// encoded is encode for the results of a function that can fail.
func encoded[T any](value T, err error) ([]byte, error) {
	if err != nil {
		return nil, err
	}
	return encode(value)
}
