/* An XLSX made by hand: the parts that a test cares about, the others as small as they may be. */
#ifndef KL_TESTS_UNIT_XLSX_FILE_H
#define KL_TESTS_UNIT_XLSX_FILE_H

#include "tests/unit/tempfile.h"

#include <zip.h>

#define XLSX_HEAD   "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>"
#define XLSX_MAIN   "xmlns=\"http://schemas.openxmlformats.org/spreadsheetml/2006/main\""
#define XLSX_OFFICE "http://schemas.openxmlformats.org/officeDocument/2006/relationships"

struct xlsx_part {
	const char *name;
	const char *text;
};

static inline void zip_text(zip_t *zip, const char *name, const char *text, size_t len)
{
	zip_source_t *source = zip_source_buffer(zip, text, len, 0);

	assert_non_null(source);
	assert_true(zip_file_add(zip, name, source, ZIP_FL_OVERWRITE) >= 0);
}

static inline zip_t *zip_begin(const char *path)
{
	zip_t *zip = zip_open(path, ZIP_CREATE | ZIP_TRUNCATE, NULL);

	assert_non_null(zip);
	return zip;
}

/* A workbook whose first sheet has these rows (what stands in <sheetData>) and what follows them;
 * `parts`, ended by a NULL name, take the place of others or are added. Returns the path. */
static inline const char *xlsx_file(
	const char *rows, const char *behind, const struct xlsx_part *parts)
{
	static const struct xlsx_part usual[] = {{"[Content_Types].xml", XLSX_HEAD "<Types/>"},
		{"_rels/.rels",
			XLSX_HEAD "<Relationships><Relationship Id=\"r1\" Type=\"" XLSX_OFFICE
				  "/officeDocument\" Target=\"xl/workbook.xml\"/>"
				  "</Relationships>"},
		{"xl/workbook.xml", XLSX_HEAD
			"<workbook " XLSX_MAIN " xmlns:r=\"" XLSX_OFFICE "\"><sheets>"
			"<sheet name=\"Data\" sheetId=\"7\" r:id=\"rId1\"/></sheets></workbook>"},
		{"xl/_rels/workbook.xml.rels", XLSX_HEAD
			"<Relationships>"
			"<Relationship Id=\"rId1\" Type=\"" XLSX_OFFICE
			"/worksheet\" Target=\"worksheets/sheet1.xml\"/>"
			"<Relationship Id=\"rId2\" Type=\"" XLSX_OFFICE
			"/worksheet\" Target=\"/xl/worksheets/sheet2.xml\"/>"
			"<Relationship Id=\"rId3\" Type=\"" XLSX_OFFICE
			"/styles\" Target=\"styles.xml\"/>"
			"<Relationship Id=\"rId4\" Type=\"" XLSX_OFFICE
			"/sharedStrings\" Target=\"sharedStrings.xml\"/></Relationships>"},
		{"xl/styles.xml", XLSX_HEAD
			"<styleSheet " XLSX_MAIN "><numFmts>"
			"<numFmt numFmtId=\"164\" formatCode=\"dd\\-mmm\\-yy;@\"/>"
			"<numFmt numFmtId=\"165\" formatCode=\"&quot;day&quot;\\ 0.00\"/></numFmts>"
			"<cellStyleXfs><xf numFmtId=\"14\"/></cellStyleXfs>"
			"<cellXfs><xf numFmtId=\"0\"/><xf numFmtId=\"14\"/><xf numFmtId=\"164\"/>"
			"<xf numFmtId=\"9\"/><xf numFmtId=\"165\"/><xf numFmtId=\"4\"/></cellXfs>"
			"</styleSheet>"},
		{"xl/sharedStrings.xml", XLSX_HEAD
			"<sst " XLSX_MAIN "><si><t>supplier</t></si><si><t>spend</t></si>"
			"<si><r><rPr><b/></rPr><t xml:space=\"preserve\">Wem "
			"</t></r><r><t>Bakery</t></r>"
			"<rPh><t>no</t></rPh></si><si><t/></si><si><t>'=1+1</t></si></sst>"},
		{NULL, NULL}};
	static char sheet[1 << 20];
	const char *path = temp_text("");
	zip_t *zip = zip_begin(path);

	for (const struct xlsx_part *p = usual; p->name; p++)
		zip_text(zip, p->name, p->text, strlen(p->text));
	assert_true(snprintf(sheet, sizeof sheet,
			    XLSX_HEAD "<worksheet " XLSX_MAIN
				      "><sheetData>%s</sheetData>%s</worksheet>",
			    rows, behind) < (int)sizeof sheet);
	zip_text(zip, "xl/worksheets/sheet1.xml", sheet, strlen(sheet));
	for (const struct xlsx_part *p = parts; p && p->name; p++)
		zip_text(zip, p->name, p->text, strlen(p->text));
	assert_int_equal(zip_close(zip), 0);
	return path;
}

#endif
