/* The text of a cell as readers of tables get it, whatever file it came from. */
#ifndef KL_CLIENT_CELL_TEXT_H
#define KL_CLIENT_CELL_TEXT_H

/* Cuts blanks off, makes line ends LF and tabs blanks, all in place, takes out what
 * nobody sees (core/harmless.h), and takes back the escape against formulas (see csv_write.h). Returns the new beginning. */
char *kl_cell_tidy(char *text);

/* "C" of the third column, "AA" of the 27th: as spreadsheets name them. */
enum { KL_COLUMN_LETTERS_MAX = 8 };
const char *kl_column_letters(unsigned column, char out[KL_COLUMN_LETTERS_MAX]);

#endif
