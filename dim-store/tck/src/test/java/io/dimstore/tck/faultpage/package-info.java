/** Tests of the fault matrix, a file, and of the page {@code docs/faults.md} generated from it. */
package io.dimstore.tck.faultpage;
