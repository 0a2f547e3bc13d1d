package verifiers_test

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"testing"
)

// program is a program of the operating system that checks the structure of a file.
type program struct {
	format string
	argv   []string // the file comes last
	damage func(file []byte) []byte
	says   string // pattern of what it says about a damaged file
}

// programs is the table of formats and programs.
func programs() []program {
	return []program{
		{".png", []string{"pngcheck", "-q"}, damageMiddle, "CRC error"},
		{".svg", []string{"xmllint", "--noout"}, damageTag, "tag mismatch"},
		{".pdf", []string{"qpdf", "--check"}, damageTable, "file is damaged"},
	}
}

// damageMiddle changes one byte in the middle of a file.
func damageMiddle(file []byte) []byte {
	file = bytes.Clone(file)
	file[len(file)/2] ^= 1
	return file
}

// damageTag changes one byte of the last tag of an XML file.
func damageTag(file []byte) []byte {
	file = bytes.Clone(file)
	file[bytes.LastIndex(file, []byte("</"))+2] ^= 1
	return file
}

// damageTable changes one digit of the offset at which a PDF has its table of objects.
func damageTable(file []byte) []byte {
	file = bytes.Clone(file)
	file[bytes.LastIndex(file, []byte("startxref"))+len("startxref\n")] ^= 1
	return file
}

// checkStructure has programs check the files of a valid badge, and that they find a
// changed byte.
func checkStructure(t *testing.T, files map[string][]byte) {
	for _, p := range programs() {
		t.Run(p.argv[0]+" on "+p.format, func(t *testing.T) {
			if said, err := p.run(t, files[p.format]); err != nil {
				t.Errorf("%v: %s", err, said)
			}
			said, err := p.run(t, p.damage(files[p.format]))
			if err == nil || !regexp.MustCompile(p.says).MatchString(said) {
				t.Errorf("damaged: %v: %s", err, said)
			}
		})
	}
}

func (p program) run(t *testing.T, file []byte) (said string, err error) {
	t.Helper()
	name := filepath.Join(t.TempDir(), "badge"+p.format)
	must(t, os.WriteFile(name, file, 0o600))
	out, err := exec.CommandContext(t.Context(), p.argv[0], append(p.argv[1:len(p.argv):len(p.argv)], name)...).CombinedOutput()
	return string(out), err
}
