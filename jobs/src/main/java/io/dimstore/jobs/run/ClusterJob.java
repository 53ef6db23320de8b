// SPDX-License-Identifier: Apache-2.0
package io.dimstore.jobs.run;

import java.net.URI;
import org.apache.flink.core.execution.JobClient;

/** How a command presents a job that it has submitted to a cluster. */
public final class ClusterJob {

  private ClusterJob() {}

  /** Returns the id of the job, and its page in the web UI of the cluster. */
  public static String line(JobClient job, URI cluster) {
    return job.getJobID() + "  " + cluster + "/#/job/running/" + job.getJobID() + "/overview";
  }
}
