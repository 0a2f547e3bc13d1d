package certificate

import (
	"bytes"
	"compress/zlib"
	"encoding/binary"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"regexp"
	"strconv"
	"strings"
	"unicode/utf16"
)

// Payload is what a certificate carries for programs.
type Payload struct {
	Credential []byte // Open Badges 3.0; empty: none
	Assertion  string // Open Badges 2.0: address, hosted JSON or JWS; empty: none
}

// MaxFile is the largest PDF that Read looks at.
const MaxFile = 16 << 20

// ErrUnreadable marks a file that is not as Render wrote it, for example because
// another program saved it anew.
var ErrUnreadable = errors.New("not a certificate as it was made")

// Read returns what Render put into the file. It follows the references from the end
// of the file, so text on the page cannot be taken for a payload. It does not read
// the files of other programs.
func Read(file []byte) (Payload, error) {
	if len(file) > MaxFile || !bytes.HasPrefix(file, []byte("%PDF-1.")) {
		return Payload{}, ErrUnreadable
	}
	r := reader{file: file}
	if err := r.readTable(); err != nil {
		return Payload{}, err
	}
	credential, err := r.attachment()
	if err != nil {
		return Payload{}, err
	}
	assertion, err := r.assertion()
	return Payload{Credential: credential, Assertion: assertion}, err
}

// reader finds objects in a file with one table of objects.
type reader struct {
	file    []byte
	table   []byte // twenty bytes for each object
	trailer []byte
}

var tablePattern = regexp.MustCompile(`^xref\n0 (\d{1,6})\n`)

func (r *reader) readTable() error {
	const tail = 64 // longer than the end of a file, after its trailer
	end := r.file[max(0, len(r.file)-tail):]
	last := bytes.LastIndex(end, []byte("startxref\n"))
	if last < 0 {
		return ErrUnreadable
	}
	position, _, _ := bytes.Cut(end[last+len("startxref\n"):], []byte("\n"))
	at, err := strconv.Atoi(string(position))
	if err != nil || at < 0 || at >= len(r.file) {
		return ErrUnreadable
	}
	head := tablePattern.FindSubmatch(r.file[at:])
	if head == nil {
		return ErrUnreadable
	}
	count, err := strconv.Atoi(string(head[1]))
	start := at + len(head[0])
	if err != nil || start+20*count > len(r.file) {
		return ErrUnreadable
	}
	r.table, r.trailer = r.file[start:start+20*count], r.file[start+20*count:]
	return nil
}

// object returns the file from the beginning of the object on which in names by key.
func (r *reader) object(in []byte, key string) ([]byte, bool) {
	_, rest, found := bytes.Cut(in, []byte(key))
	if !found {
		return nil, false
	}
	number, _, found := bytes.Cut(rest[:min(len(rest), 16)], []byte(" 0 R"))
	n, err := strconv.Atoi(string(bytes.TrimLeft(number, " [")))
	if !found || err != nil || n < 1 || 20*n+10 > len(r.table) {
		return nil, false
	}
	at, err := strconv.Atoi(string(r.table[20*n : 20*n+10]))
	head := strconv.Itoa(n) + " 0 obj\n"
	if err != nil || at > len(r.file) || !bytes.HasPrefix(r.file[at:], []byte(head)) {
		return nil, false
	}
	return r.file[at+len(head):], true
}

// dictionary returns the object that in names by key, up to its end.
func (r *reader) dictionary(in []byte, key string) ([]byte, bool) {
	object, found := r.object(in, key)
	if !found {
		return nil, false
	}
	body, _, found := bytes.Cut(object, []byte("\nendobj\n"))
	return body, found
}

// attachment returns the credential, or nothing if none is attached.
func (r *reader) attachment() ([]byte, error) {
	catalog, found := r.dictionary(r.trailer, "/Root")
	if !found {
		return nil, ErrUnreadable
	}
	if !bytes.Contains(catalog, []byte("/AF[")) {
		return nil, nil
	}
	spec, found := r.dictionary(catalog, "/AF")
	if !found {
		return nil, ErrUnreadable
	}
	stream, found := r.object(spec, "/EF<</F")
	if !found {
		return nil, ErrUnreadable
	}
	_, data, found := bytes.Cut(stream, []byte(">>\nstream\n"))
	if !found {
		return nil, ErrUnreadable
	}
	return inflate(data)
}

func inflate(data []byte) ([]byte, error) {
	z, err := zlib.NewReader(bytes.NewReader(data))
	if err != nil {
		return nil, fmt.Errorf("%w: attachment: %w", ErrUnreadable, err)
	}
	out, err := io.ReadAll(io.LimitReader(z, MaxCredential+1))
	if err != nil {
		return nil, fmt.Errorf("%w: attachment: %w", ErrUnreadable, err)
	}
	if len(out) > MaxCredential {
		return nil, fmt.Errorf("%w: the attachment is too large", ErrUnreadable)
	}
	return out, nil
}

// assertion returns the value of the key in the Info dictionary, or "" without it.
func (r *reader) assertion() (string, error) {
	info, found := r.dictionary(r.trailer, "/Info")
	if !found {
		return "", ErrUnreadable
	}
	_, value, found := bytes.Cut(info, []byte("/"+infoKey))
	switch {
	case !found:
		return "", nil
	case bytes.HasPrefix(value, []byte("(")):
		return literal(value[1:])
	case bytes.HasPrefix(value, []byte("<FEFF")):
		return utf16Text(value[len("<FEFF"):])
	}
	return "", ErrUnreadable
}

// literal reads a literal string, after its opening bracket.
func literal(value []byte) (string, error) {
	var out strings.Builder
	for i := 0; i < len(value); i++ {
		switch value[i] {
		case ')':
			return out.String(), nil
		case '\\':
			if i++; i == len(value) {
				return "", ErrUnreadable
			}
		}
		out.WriteByte(value[i])
	}
	return "", ErrUnreadable
}

// utf16Text reads a text string in hexadecimal digits, after its byte order mark.
func utf16Text(value []byte) (string, error) {
	digits, _, found := bytes.Cut(value, []byte(">"))
	raw, err := hex.DecodeString(string(digits))
	if !found || err != nil || len(raw)%2 != 0 {
		return "", ErrUnreadable
	}
	units := make([]uint16, len(raw)/2)
	for i := range units {
		units[i] = binary.BigEndian.Uint16(raw[2*i:])
	}
	return string(utf16.Decode(units)), nil
}
