/** The stock HBase connector beside ours, on the same tables. */
@org.jspecify.annotations.NullMarked
package io.dimstore.bench.stock;
