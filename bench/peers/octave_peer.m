% Octave: octave-cli octave_peer.m IMAGES INITIAL
% The other end of the pipe is contestant.ts: lines `step COUNT` are answered with `MICROSECONDS LOSS`.
% Single precision, columns are samples, whole-matrix operations.
1;

% fgetl would wait for the first character of the line after.
function line = read_line()
  line = "";
  while !isempty(character = fread(stdin, 1, "uint8=>char")) && character != "\n"
    line(end + 1) = character;
  end
end

crash_dumps_octave_core(false);
arguments = argv();
[images, first] = arguments{end - 1:end};
[dimension, hidden, classes, batch, rate, lambda] = deal(3072, 50, 10, 100, 0.01, 0.01);

file = fopen([images "/data_batch_1.bin"]);
bytes = fread(file, [1 + dimension, Inf], "uint8=>uint8");
fclose(file);
x = double(bytes(2:end, :)) / 255;
x = single((x - mean(x, 2)) ./ std(x, 1, 2));
y = single((0:classes - 1)' == double(bytes(1, :)));
clear bytes;

file = fopen([first "/50.f32"]);
W1 = fread(file, [dimension, hidden], "single=>single")'; % rows lie one after the other in the file
b1 = fread(file, hidden, "single=>single");
W2 = fread(file, [hidden, classes], "single=>single")';
b2 = fread(file, classes, "single=>single");
fclose(file);

shrink = single(1 - 2 * rate * lambda);
eta = single(rate / batch);
at = 0;
printf("ready Octave %s (%s)\n", version(), regexprep(version("-blas"), '^.*config: | MAX_THREADS.*$', ""));
fflush(stdout);
while !isempty(line = read_line())
  count = sscanf(line, "step %d");
  began = tic();
  for step = 1:count
    X = x(:, at + 1:at + batch);
    Y = y(:, at + 1:at + batch);
    H = max(0, W1 * X + b1);
    P = W2 * H + b2;
    P = exp(P - max(P));
    P ./= sum(P);
    loss = -mean(log(sum(P .* Y)));
    G = eta * (P - Y);
    dS = (W2' * G) .* (H > 0);
    W2 = shrink * W2 - G * H';
    b2 -= sum(G, 2);
    W1 = shrink * W1 - dS * X';
    b1 -= sum(dS, 2);
    at = mod(at + batch, columns(x));
  end
  printf("%.3f %.9g\n", toc(began) * 1e6, loss);
  fflush(stdout);
end
