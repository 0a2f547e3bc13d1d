package certificate

import (
	"crypto/sha256"
	"fmt"
	"strings"
	"unicode/utf8"

	"github.com/insigne-badges/insigne/badges/certificate/pdf"
)

// document is the file around the page.
type document struct {
	certificate Certificate
	writer      *pdf.Writer
	fonts       *embedded
	tags        *tags
	images      []string // entries of the resources
	link        link
}

func newDocument(c Certificate, w *pdf.Writer) *document {
	return &document{certificate: c, writer: w, fonts: newEmbedded(), tags: &tags{}}
}

// attachmentName is how verifiers and people find the credential.
const attachmentName = "credential.json"

// infoKey is the key of the Info dictionary that passports read.
const infoKey = "openbadges"

// finish writes everything that the page refers to, and the file's own objects.
func (d *document) finish(p *page) ([]byte, error) {
	w := d.writer
	fonts, err := d.fonts.write(w)
	if err != nil {
		return nil, err
	}
	content, err := w.Stream("", p.ink.out.Bytes())
	if err != nil {
		return nil, err
	}
	page, pages := w.Reserve(), w.Reserve()
	structure, annotation := d.tags.write(w, page, d.certificate.Language, d.link)
	w.Object(page, fmt.Sprintf("<</Type/Page/Parent %v/MediaBox[0 0 %s]/Resources<</Font%s/XObject<<%s>>>>/Contents %v/StructParents 0/Tabs/S/Annots[%v]>>",
		pages, pdf.Numbers(p.size.width, p.size.height), fonts, strings.Join(d.images, ""), content, annotation))
	w.Object(pages, fmt.Sprintf("<</Type/Pages/Kids[%v]/Count 1>>", page))
	attachment, err := d.attach()
	if err != nil {
		return nil, err
	}
	xmp := w.Raw("/Type/Metadata/Subtype/XML", d.xmp())
	direction := "L2R"
	if d.certificate.RightToLeft {
		direction = "R2L"
	}
	catalog := w.Add(fmt.Sprintf("<</Type/Catalog/Pages %v/Lang%s/MarkInfo<</Marked true>>/StructTreeRoot %v/ViewerPreferences<</DisplayDocTitle true/Direction/%s>>/Metadata %v%s>>",
		pages, pdf.ASCII(d.certificate.Language), structure, direction, xmp, attachment))
	id := sha256.Sum256(append(d.xmp(), p.ink.out.Bytes()...))
	return w.Finish(catalog, w.Add(d.info()), id[:16])
}

// attach adds the credential and returns the entries of the catalogue. The
// relationship says that the page shows what the credential says.
func (d *document) attach() (string, error) {
	if len(d.certificate.Credential) == 0 {
		return "", nil
	}
	created := pdf.Date(d.certificate.Created)
	file, err := d.writer.Stream(fmt.Sprintf("/Type/EmbeddedFile/Subtype/application#2Fvc+ld+json/Params<</Size %d/CreationDate%s/ModDate%s>>",
		len(d.certificate.Credential), created, created), d.certificate.Credential)
	if err != nil {
		return "", err
	}
	spec := d.writer.Add(fmt.Sprintf("<</Type/Filespec/F(%s)/UF(%s)/AFRelationship/Data/Desc(Open Badges 3.0)/EF<</F %v/UF %v>>>>",
		attachmentName, attachmentName, file, file))
	return fmt.Sprintf("/AF[%v]/Names<</EmbeddedFiles<</Names[(%s)%v]>>>>", spec, attachmentName, spec), nil
}

func (d *document) info() string {
	created := pdf.Date(d.certificate.Created)
	out := fmt.Sprintf("<</Title%s/Author%s/Creator(Insigne)/CreationDate%s/ModDate%s",
		pdf.Text(d.title()), pdf.Text(short(d.certificate.Issuer)), created, created)
	if d.certificate.Assertion != "" {
		out += "/" + infoKey + pdf.ASCII(d.certificate.Assertion)
	}
	return out + ">>"
}

// title returns the title of the document; a document that shows its title needs one.
func (d *document) title() string {
	if d.certificate.Title == "" {
		return short(d.certificate.Badge)
	}
	return short(d.certificate.Title)
}

// short cuts a text that no window could show.
func short(text string) string {
	if len(text) <= maxTitle {
		return text
	}
	cut := maxTitle
	for !utf8.RuneStart(text[cut]) {
		cut--
	}
	return text[:cut]
}

const xmpHead = "<?xpacket begin=\"\ufeff\" id=\"W5M0MpCehiHzreSzNTczkc9d\"?>\n" +
	`<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">` + "\n"

const xmpTail = "</rdf:RDF></x:xmpmeta>\n<?xpacket end=\"r\"?>\n"

// xmp returns the metadata of the file. The element openbadges:assertion has the form
// that passports look for, which is that of a baked SVG.
func (d *document) xmp() []byte {
	created := d.certificate.Created.UTC().Format("2006-01-02T15:04:05Z")
	var out strings.Builder
	out.WriteString(xmpHead)
	fmt.Fprintf(&out, `<rdf:Description rdf:about="" xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:xmp="http://ns.adobe.com/xap/1.0/">`+
		`<dc:format>application/pdf</dc:format>`+
		`<dc:title><rdf:Alt><rdf:li xml:lang="x-default">%s</rdf:li></rdf:Alt></dc:title>`+
		`<dc:creator><rdf:Seq><rdf:li>%s</rdf:li></rdf:Seq></dc:creator>`+
		`<dc:language><rdf:Bag><rdf:li>%s</rdf:li></rdf:Bag></dc:language>`+
		`<xmp:CreateDate>%s</xmp:CreateDate><xmp:ModifyDate>%s</xmp:ModifyDate><xmp:CreatorTool>Insigne</xmp:CreatorTool></rdf:Description>`+"\n",
		escape(d.title()), escape(short(d.certificate.Issuer)), escape(d.certificate.Language), created, created)
	if d.certificate.Assertion != "" {
		fmt.Fprintf(&out, `<rdf:Description rdf:about="" xmlns:openbadges="http://openbadges.org">`+
			`<openbadges:assertion verify="%s"/></rdf:Description>`+"\n", escape(d.certificate.Assertion))
	}
	out.WriteString(xmpTail)
	return []byte(out.String())
}
