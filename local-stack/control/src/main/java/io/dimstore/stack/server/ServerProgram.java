// SPDX-License-Identifier: Apache-2.0
package io.dimstore.stack.server;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** The program that a server's process runs. */
public sealed interface ServerProgram {

  /**
   * A main class of the module, run on the class path that the module's build wrote. Its arguments
   * are the server's folder, the port of clients and the inner ports. It creates the file {@code
   * ready} in that folder when it serves requests.
   *
   * @param main the main class
   * @param hdfsMain the main class that runs the server on HDFS, or null. The number of region
   *     servers is its last argument
   * @param options options of the JVM
   */
  record JavaClass(String main, @Nullable String hdfsMain, List<String> options)
      implements ServerProgram {

    public JavaClass {
      options = List.copyOf(options);
    }
  }

  /**
   * A native program, which the module's build provides for each operating system. The server is
   * ready when one line of its answer to the request is the expected one.
   *
   * @param binary path below the module's folder, without the system's name at its end
   * @param arguments arguments with the placeholders {@code ${module}}, {@code ${folder}} and
   *     {@code ${port}}
   * @param request text sent to the port of clients
   * @param line the expected line, with the placeholder {@code ${pid}}
   */
  record NativeBinary(String binary, List<String> arguments, String request, String line)
      implements ServerProgram {

    public NativeBinary {
      arguments = List.copyOf(arguments);
    }
  }
}
