package certificate

import (
	"bytes"
	"encoding/xml"
)

// escape writes s for XML. A character that XML cannot carry becomes U+FFFD.
func escape(s string) string {
	var out bytes.Buffer
	if err := xml.EscapeText(&out, []byte(s)); err != nil {
		return "" // a buffer takes everything
	}
	return out.String()
}
