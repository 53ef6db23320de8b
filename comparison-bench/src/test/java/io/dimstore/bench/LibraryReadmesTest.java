// SPDX-License-Identifier: Apache-2.0
package io.dimstore.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import javax.tools.Diagnostic;
import javax.tools.DiagnosticCollector;
import javax.tools.JavaCompiler;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/**
 * Compiles the Java examples in the READMEs of the published modules, each with what its module
 * brings to a project that depends on it, and with JUnit and Flink, which such a project has.
 */
class LibraryReadmesTest {

  private static final Pattern JAVA = Pattern.compile("(?ms)^```java\n(.*?)^```$");

  private static final Pattern TYPE =
      Pattern.compile("(?m)^(final |public )*(class|interface) (\\w+)");

  @TempDir Path output;

  @TestFactory
  Stream<DynamicTest> examplesCompile() throws IOException {
    List<DynamicTest> tests = new ArrayList<>();
    var all = PublishedModules.all();
    for (String artifact : PublishedModules.inBom()) {
      Path folder = all.get(artifact).folder();
      int number = 0;
      for (String example : examples(folder.resolve("README.md"))) {
        number++;
        tests.add(
            DynamicTest.dynamicTest(
                artifact + ", example " + number,
                () -> assertThat(problems(example, classPath(folder))).isEmpty()));
      }
    }
    return tests.stream();
  }

  @Test
  void exampleWithATypeThatDoesNotExistIsFound() throws IOException {
    String example = "import io.dimstore.spi.*;\n\nDimensionShop shop = null;\n";
    assertThat(problems(example, System.getProperty("java.class.path")))
        .singleElement()
        .asString()
        .contains("DimensionShop");
  }

  private static List<String> examples(Path readme) throws IOException {
    List<String> examples = new ArrayList<>();
    Matcher matcher = JAVA.matcher(Files.readString(readme));
    while (matcher.find()) {
      examples.add(matcher.group(1));
    }
    return examples;
  }

  /** Returns the class path that a module's build has written, with the module itself. */
  private static String classPath(Path folder) throws IOException {
    List<String> entries = new ArrayList<>();
    entries.add(folder.resolve("target/classes").toString());
    Path written = folder.resolve("target/classpath");
    if (Files.exists(written)) {
      entries.add(Files.readString(written).strip());
    }
    Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator))
        .filter(entry -> entry.matches(".*/org/(junit|apiguardian|opentest4j|apache/flink)/.*"))
        .forEach(entries::add);
    return String.join(File.pathSeparator, entries);
  }

  private List<String> problems(String example, String classPath) throws IOException {
    JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
    DiagnosticCollector<JavaFileObject> problems = new DiagnosticCollector<>();
    List<String> options =
        List.of("-proc:none", "-Xlint:none", "-classpath", classPath, "-d", output.toString());
    compiler.getTask(null, null, problems, options, null, List.of(source(example))).call();
    return problems.getDiagnostics().stream()
        .filter(problem -> problem.getKind() == Diagnostic.Kind.ERROR)
        .map(Object::toString)
        .toList();
  }

  /** Returns the example as a file: statements are put into a method. */
  private static JavaFileObject source(String example) {
    Matcher type = TYPE.matcher(example);
    String name = type.find() ? type.group(3) : "Example";
    String text = example;
    if (name.equals("Example")) {
      int begin = example.lastIndexOf("\nimport ") + 1;
      int statements = example.indexOf('\n', begin) + 1;
      text =
          example.substring(0, statements)
              + "class Example { void run() throws Exception {\n"
              + example.substring(statements)
              + "}}\n";
    }
    String content = text;
    return new SimpleJavaFileObject(
        URI.create("string:///" + name + ".java"), JavaFileObject.Kind.SOURCE) {
      @Override
      public CharSequence getCharContent(boolean ignoreEncodingErrors) {
        return content;
      }
    };
  }
}
