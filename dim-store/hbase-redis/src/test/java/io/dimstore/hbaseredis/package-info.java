/** Tests of the HBase + Redis store, on the real servers where servers are involved. */
package io.dimstore.hbaseredis;
