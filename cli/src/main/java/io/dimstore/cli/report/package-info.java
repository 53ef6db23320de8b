/**
 * Presents results: as a self-contained HTML page with charts, and as a table on the console.
 * Numbers are formatted alike in all of them. The package knows no results of its own; a command
 * chooses what it shows.
 */
@NullMarked
package io.dimstore.cli.report;

import org.jspecify.annotations.NullMarked;
